# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_svc_global_optspecs
    string join \n config= set= o/output= color= q/quiet v/verbose h/help V/version
end

function __fish_svc_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_svc_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_svc_using_subcommand
    set -l cmd (__fish_svc_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c svc -n "__fish_svc_needs_command" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_needs_command" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_needs_command" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_needs_command" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_needs_command" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_needs_command" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_needs_command" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_needs_command" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_needs_command" -f -a "serve" -d 'Serve the HTTP API'
complete -c svc -n "__fish_svc_needs_command" -f -a "consume" -d 'Run the background worker: relay events, run handlers and clean-up jobs'
complete -c svc -n "__fish_svc_needs_command" -f -a "migrate" -d 'Migrate the database schema, or show which migrations are applied'
complete -c svc -n "__fish_svc_needs_command" -f -a "create-user" -d 'Create a user'
complete -c svc -n "__fish_svc_needs_command" -f -a "issue-token" -d 'Issue an access token for a user'
complete -c svc -n "__fish_svc_needs_command" -f -a "event" -d 'Inspect events, and replay or discard them'
complete -c svc -n "__fish_svc_needs_command" -f -a "audit" -d 'Inspect the audit log: who did what, and when'
complete -c svc -n "__fish_svc_needs_command" -f -a "ban" -d 'Manage bans of IP addresses, networks and users'
complete -c svc -n "__fish_svc_needs_command" -f -a "config" -d 'Check or show the settings'
complete -c svc -n "__fish_svc_needs_command" -f -a "doctor" -d 'Check the service and its surroundings, and say what to do about each problem'
complete -c svc -n "__fish_svc_needs_command" -f -a "healthcheck" -d 'Check whether a running service is ready, for container health checks'
complete -c svc -n "__fish_svc_needs_command" -f -a "openapi" -d 'Print the OpenAPI document'
complete -c svc -n "__fish_svc_needs_command" -f -a "asyncapi" -d 'Print the AsyncAPI document, which describes all events'
complete -c svc -n "__fish_svc_needs_command" -f -a "completions" -d 'Print a script that completes commands and options in a shell'
complete -c svc -n "__fish_svc_needs_command" -f -a "man" -d 'Write the manual pages of all commands into a folder'
complete -c svc -n "__fish_svc_needs_command" -f -a "help" -d 'Print the help of a command, or about a topic'
complete -c svc -n "__fish_svc_using_subcommand serve" -l wait -d 'Exit with code 69 if the database is unreachable after SECS seconds [default: serve "not ready" until it is reachable]' -r
complete -c svc -n "__fish_svc_using_subcommand serve" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand serve" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand serve" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand serve" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand serve" -l no-migrate -d 'Do not migrate an embedded database [default: migrate it at the start]'
complete -c svc -n "__fish_svc_using_subcommand serve" -l with-worker -d 'Run event handlers and clean-up jobs in this process too [default: with an embedded database only]'
complete -c svc -n "__fish_svc_using_subcommand serve" -l no-worker -d 'Leave event handlers and clean-up jobs to `svc consume`'
complete -c svc -n "__fish_svc_using_subcommand serve" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand serve" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand serve" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand serve" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand consume" -l wait -d 'Exit with code 69 if the database is unreachable after SECS seconds [default: wait]' -r
complete -c svc -n "__fish_svc_using_subcommand consume" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand consume" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand consume" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand consume" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand consume" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand consume" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand consume" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand consume" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand migrate; and not __fish_seen_subcommand_from up status" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand migrate; and not __fish_seen_subcommand_from up status" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand migrate; and not __fish_seen_subcommand_from up status" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand migrate; and not __fish_seen_subcommand_from up status" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand migrate; and not __fish_seen_subcommand_from up status" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand migrate; and not __fish_seen_subcommand_from up status" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand migrate; and not __fish_seen_subcommand_from up status" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand migrate; and not __fish_seen_subcommand_from up status" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand migrate; and not __fish_seen_subcommand_from up status" -f -a "up" -d 'Apply the pending migrations and print them; the same as `svc migrate`'
complete -c svc -n "__fish_svc_using_subcommand migrate; and not __fish_seen_subcommand_from up status" -f -a "status" -d 'Print every migration and whether it is applied'
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from up" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from up" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from up" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from up" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from up" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from up" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from up" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from up" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from status" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from status" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from status" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from status" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand migrate; and __fish_seen_subcommand_from status" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand create-user" -l email -d 'Email address with which the user logs in' -r
complete -c svc -n "__fish_svc_using_subcommand create-user" -l name -d 'Display name of the user' -r
complete -c svc -n "__fish_svc_using_subcommand create-user" -l role -d 'Role of the user: user or admin' -r
complete -c svc -n "__fish_svc_using_subcommand create-user" -l password-file -d 'Read the password from the first line of FILE [default: ask on a terminal]' -r -F
complete -c svc -n "__fish_svc_using_subcommand create-user" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand create-user" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand create-user" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand create-user" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand create-user" -l verified -d 'Mark the email address as verified [default: mail a link to verify it]'
complete -c svc -n "__fish_svc_using_subcommand create-user" -l password-stdin -d 'Read the password from the first line of standard input [default: ask on a terminal]'
complete -c svc -n "__fish_svc_using_subcommand create-user" -l generate-password -d 'Generate a password and print it once [default: ask on a terminal]'
complete -c svc -n "__fish_svc_using_subcommand create-user" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand create-user" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand create-user" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand create-user" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand issue-token" -l user -d 'User that the token is for: an ID or an email address' -r
complete -c svc -n "__fish_svc_using_subcommand issue-token" -l ttl -d 'Lifetime of the access token, at most 24h [default: `security.token.access_lifetime`]' -r
complete -c svc -n "__fish_svc_using_subcommand issue-token" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand issue-token" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand issue-token" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand issue-token" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand issue-token" -l refresh -d 'Issue a refresh token too, so that the session outlives the access token'
complete -c svc -n "__fish_svc_using_subcommand issue-token" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand issue-token" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand issue-token" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand issue-token" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -f -a "list" -d 'List events, newest first, and whether they have been relayed'
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -f -a "show" -d 'Show one event as published, how it was relayed, and the inbox entry of each handler'
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -f -a "replay" -d 'Relay events again, and requeue dead letters'
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -f -a "dead" -d 'List dead letters with their errors, newest first: those of handlers, then those of the broker'
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -f -a "discard" -d 'Permanently delete the dead letters of the broker that name no event'
complete -c svc -n "__fish_svc_using_subcommand event; and not __fish_seen_subcommand_from list show replay dead discard stats" -f -a "stats" -d 'Show the backlog of the outbox, of each handler and of the broker'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -l since -d 'Only events since WHEN: an age such as 24h, or a time such as 2026-01-31T12:00:00Z' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -l type -d 'Only events of this type, such as user.locked or svc.user.locked.v1' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -l user -d 'Only events of this user; a deleted user has an ID, but no email address' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -l limit -d 'Print at most N entries, the newest' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from show" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from show" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from show" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from show" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from show" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -l since -d 'Replay all events since WHEN: an age such as 24h, or a time such as 2026-01-31T12:00:00Z' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -l dead -d 'Replay all dead letters, of handlers and of the broker'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -l yes -d 'Replay several events [default: print how many there are, and exit with code 2]'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -l dry-run -d 'Print how many events there are, without replaying them'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -l since -d 'Only events since WHEN: an age such as 24h, or a time such as 2026-01-31T12:00:00Z' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -l type -d 'Only events of this type, such as user.locked or svc.user.locked.v1' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -l user -d 'Only events of this user; a deleted user has an ID, but no email address' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -l limit -d 'Print at most N entries, the newest' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from discard" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from discard" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from discard" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from discard" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from discard" -l yes -d 'Delete the messages [default: print how many there are, and exit with code 2]'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from discard" -l dry-run -d 'Print how many messages there are, without deleting them'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from discard" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from discard" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from discard" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from discard" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from stats" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from stats" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from stats" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from stats" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from stats" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from stats" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from stats" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from stats" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand audit; and not __fish_seen_subcommand_from list" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand audit; and not __fish_seen_subcommand_from list" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand audit; and not __fish_seen_subcommand_from list" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand audit; and not __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand audit; and not __fish_seen_subcommand_from list" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand audit; and not __fish_seen_subcommand_from list" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand audit; and not __fish_seen_subcommand_from list" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand audit; and not __fish_seen_subcommand_from list" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand audit; and not __fish_seen_subcommand_from list" -f -a "list" -d 'List audit entries, newest first: who did what to which user, and when'
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -l since -d 'Only events since WHEN: an age such as 24h, or a time such as 2026-01-31T12:00:00Z' -r
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -l type -d 'Only events of this type, such as user.locked or svc.user.locked.v1' -r
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -l user -d 'Only events of this user; a deleted user has an ID, but no email address' -r
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -l limit -d 'Print at most N entries, the newest' -r
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand ban; and not __fish_seen_subcommand_from list add remove" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand ban; and not __fish_seen_subcommand_from list add remove" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand ban; and not __fish_seen_subcommand_from list add remove" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand ban; and not __fish_seen_subcommand_from list add remove" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand ban; and not __fish_seen_subcommand_from list add remove" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand ban; and not __fish_seen_subcommand_from list add remove" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand ban; and not __fish_seen_subcommand_from list add remove" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand ban; and not __fish_seen_subcommand_from list add remove" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand ban; and not __fish_seen_subcommand_from list add remove" -f -a "list" -d 'List the active bans, oldest first'
complete -c svc -n "__fish_svc_using_subcommand ban; and not __fish_seen_subcommand_from list add remove" -f -a "add" -d 'Ban an IP address, a network or a user'
complete -c svc -n "__fish_svc_using_subcommand ban; and not __fish_seen_subcommand_from list add remove" -f -a "remove" -d 'Remove a ban'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from list" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from list" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from list" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -l user -d 'ID of the user' -r
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -l email -d 'Email address of the user' -r
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -l reason -d 'Reason of the ban in one line, for operators only; clients do not see it' -r
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -l for -d 'Duration of the ban, such as 2h or 30days [default: until it is removed]' -r
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -l until -d 'End of the ban, such as 2026-01-31T12:00:00Z [default: until it is removed]' -r
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -l yes -d 'Allow a network wider than an IPv4 /8 or an IPv6 /16 [default: exit with code 2]'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from add" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from remove" -l user -d 'ID of the user' -r
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from remove" -l email -d 'Email address of the user' -r
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from remove" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from remove" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from remove" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand ban; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand config; and not __fish_seen_subcommand_from check show" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand config; and not __fish_seen_subcommand_from check show" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand config; and not __fish_seen_subcommand_from check show" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand config; and not __fish_seen_subcommand_from check show" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand config; and not __fish_seen_subcommand_from check show" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand config; and not __fish_seen_subcommand_from check show" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand config; and not __fish_seen_subcommand_from check show" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand config; and not __fish_seen_subcommand_from check show" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand config; and not __fish_seen_subcommand_from check show" -f -a "check" -d 'Check the settings, and exit with code 78 if they are wrong'
complete -c svc -n "__fish_svc_using_subcommand config; and not __fish_seen_subcommand_from check show" -f -a "show" -d 'Show every setting, with secrets redacted'
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from check" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from check" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from check" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from check" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from check" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from show" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from show" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from show" -l sources -d 'Show the source of each setting too'
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand config; and __fish_seen_subcommand_from show" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand doctor" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand doctor" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand doctor" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand doctor" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand doctor" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand doctor" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand doctor" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand doctor" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand healthcheck" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand healthcheck" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand healthcheck" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand healthcheck" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand healthcheck" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand healthcheck" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand healthcheck" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand healthcheck" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand openapi" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand openapi" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand openapi" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand openapi" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand openapi" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand openapi" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand openapi" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand openapi" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand asyncapi" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand asyncapi" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand asyncapi" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand asyncapi" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand asyncapi" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand asyncapi" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand asyncapi" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand asyncapi" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand completions" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand completions" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand completions" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand completions" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand completions" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand completions" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand completions" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand completions" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand man" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand man" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand man" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand man" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand man" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand man" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand man" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand man" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand help" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand help" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand help" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand help" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand help" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand help" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand help" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand help" -s V -l version -d 'Print the version'
