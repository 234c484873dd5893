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
complete -c svc -n "__fish_svc_needs_command" -f -a "user" -d 'List, show and change users'
complete -c svc -n "__fish_svc_needs_command" -f -a "session" -d 'List, show, revoke and explain sessions'
complete -c svc -n "__fish_svc_needs_command" -f -a "invitation" -d 'List, resend and revoke invitations'
complete -c svc -n "__fish_svc_needs_command" -f -a "token" -d 'Decode access tokens'
complete -c svc -n "__fish_svc_needs_command" -f -a "create-user" -d 'Create a user'
complete -c svc -n "__fish_svc_needs_command" -f -a "issue-token" -d 'Issue an access token for a user'
complete -c svc -n "__fish_svc_needs_command" -f -a "event" -d 'Inspect events, and replay or discard them'
complete -c svc -n "__fish_svc_needs_command" -f -a "audit" -d 'Inspect the audit log: who did what, and when'
complete -c svc -n "__fish_svc_needs_command" -f -a "ban" -d 'Manage bans of IP addresses, networks and users'
complete -c svc -n "__fish_svc_needs_command" -f -a "key" -d 'Manage the keys that sign access tokens'
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
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -f -a "list" -d 'List users in the order of registration'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -f -a "show" -d 'Show a user with sessions, mailed tokens, ban and the last audit entries'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -f -a "create" -d 'Create a user'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -f -a "invite" -d 'Create a user without a password, and mail an invitation to set one'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -f -a "lock" -d 'Lock a user: no log-in, and all sessions are revoked'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -f -a "unlock" -d 'Unlock a user'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -f -a "set-role" -d 'Change the role of a user'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -f -a "set-metadata" -d 'Change the metadata that applications keep about a user'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -f -a "set-password" -d 'Set the password of a user, and revoke all sessions'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -f -a "verify-email" -d 'Mark the email address of a user as verified'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -f -a "rename" -d 'Change or remove the display name of a user'
complete -c svc -n "__fish_svc_using_subcommand user; and not __fish_seen_subcommand_from list show create invite lock unlock set-role set-metadata set-password verify-email rename delete" -f -a "delete" -d 'Delete a user and all their sessions'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -l email -d 'Only the user with this email address' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -l role -d 'Only users with this role' -r -f -a "user\t''
admin\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -l status -d 'Only users with this status' -r -f -a "active\t''
locked\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -l limit -d 'Print at most N entries' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -l after -d 'Begin after the entry with this ID: the last one of the part before' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -l all -d 'Print all entries, while they are read: with -o json, one JSON object per line'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from list" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from show" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from show" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from show" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from show" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from show" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l email -d 'Email address with which the user logs in' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l name -d 'Display name of the user' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l locale -d 'Language of mails to the user, such as de [default: `service.language`]' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l role -d 'Role of the user' -r -f -a "user\t''
admin\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l password-file -d 'Read the password from the first line of FILE [default: ask on a terminal]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l password-hash-file -d 'Read a hash of the password, made by another service, from the first line of FILE' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l verified -d 'Mark the email address as verified [default: mail a link to verify it]'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l password-stdin -d 'Read the password from the first line of standard input [default: ask on a terminal]'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l generate-password -d 'Generate a password and print it once [default: ask on a terminal]'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -l password-hash-stdin -d 'Read a hash of the password, made by another service, from the first line of standard input'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from create" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from invite" -l name -d 'Display name of the user' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from invite" -l locale -d 'Language of mails to the user, such as de [default: `service.language`]' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from invite" -l role -d 'Role of the user' -r -f -a "user\t''
admin\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from invite" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from invite" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from invite" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from invite" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from invite" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from invite" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from invite" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from invite" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from lock" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from lock" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from lock" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from lock" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from lock" -l yes -d 'Do not ask for confirmation [default: ask on a terminal, exit with code 2 elsewhere]'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from lock" -l dry-run -d 'Print what the command would do, and change nothing, also with --yes'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from lock" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from lock" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from lock" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from lock" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from unlock" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from unlock" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from unlock" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from unlock" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from unlock" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from unlock" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from unlock" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from unlock" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-role" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-role" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-role" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-role" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-role" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-role" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-role" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-role" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-metadata" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-metadata" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-metadata" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-metadata" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-metadata" -l app -d 'Change `app_metadata`, which only administrators can change [default: metadata]'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-metadata" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-metadata" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-metadata" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-metadata" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -l password-file -d 'Read the password from the first line of FILE [default: ask on a terminal]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -l password-stdin -d 'Read the password from the first line of standard input [default: ask on a terminal]'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -l generate-password -d 'Generate a password and print it once [default: ask on a terminal]'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -l keep-sessions -d 'Keep the sessions of the user [default: revoke all of them]'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -l yes -d 'Do not ask for confirmation [default: ask on a terminal, exit with code 2 elsewhere]'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -l dry-run -d 'Print what the command would do, and change nothing, also with --yes'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from set-password" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from verify-email" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from verify-email" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from verify-email" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from verify-email" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from verify-email" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from verify-email" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from verify-email" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from verify-email" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from rename" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from rename" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from rename" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from rename" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from rename" -l remove -d 'Remove the display name'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from rename" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from rename" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from delete" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from delete" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from delete" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from delete" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from delete" -l yes -d 'Do not ask for confirmation [default: ask on a terminal, exit with code 2 elsewhere]'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from delete" -l dry-run -d 'Print what the command would do, and change nothing, also with --yes'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand user; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand session; and not __fish_seen_subcommand_from list show revoke explain" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand session; and not __fish_seen_subcommand_from list show revoke explain" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand session; and not __fish_seen_subcommand_from list show revoke explain" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand session; and not __fish_seen_subcommand_from list show revoke explain" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand session; and not __fish_seen_subcommand_from list show revoke explain" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand session; and not __fish_seen_subcommand_from list show revoke explain" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand session; and not __fish_seen_subcommand_from list show revoke explain" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand session; and not __fish_seen_subcommand_from list show revoke explain" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand session; and not __fish_seen_subcommand_from list show revoke explain" -f -a "list" -d 'List sessions, newest first'
complete -c svc -n "__fish_svc_using_subcommand session; and not __fish_seen_subcommand_from list show revoke explain" -f -a "show" -d 'Show one session, in any state'
complete -c svc -n "__fish_svc_using_subcommand session; and not __fish_seen_subcommand_from list show revoke explain" -f -a "revoke" -d 'Revoke sessions by ID, or all sessions of a user'
complete -c svc -n "__fish_svc_using_subcommand session; and not __fish_seen_subcommand_from list show revoke explain" -f -a "explain" -d 'Explain why a session, a refresh token or an access token is accepted or not'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -l user -d 'Only the sessions of this user' -r
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -l limit -d 'Print at most N entries' -r
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -l after -d 'Begin after the entry with this ID: the last one of the part before' -r
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -l ended -d 'List sessions that were revoked or have expired too'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -l all -d 'Print all entries, while they are read: with -o json, one JSON object per line'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from list" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from show" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from show" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from show" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from show" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from show" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from revoke" -l user -d 'Revoke all sessions of this user' -r
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from revoke" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from revoke" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from revoke" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from revoke" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from revoke" -l yes -d 'Do not ask for confirmation [default: ask on a terminal, exit with code 2 elsewhere]'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from revoke" -l dry-run -d 'Print what the command would do, and change nothing, also with --yes'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from revoke" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from explain" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from explain" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from explain" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from explain" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from explain" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand session; and __fish_seen_subcommand_from explain" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand invitation; and not __fish_seen_subcommand_from list resend revoke" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand invitation; and not __fish_seen_subcommand_from list resend revoke" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand invitation; and not __fish_seen_subcommand_from list resend revoke" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand invitation; and not __fish_seen_subcommand_from list resend revoke" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand invitation; and not __fish_seen_subcommand_from list resend revoke" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand invitation; and not __fish_seen_subcommand_from list resend revoke" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand invitation; and not __fish_seen_subcommand_from list resend revoke" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand invitation; and not __fish_seen_subcommand_from list resend revoke" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand invitation; and not __fish_seen_subcommand_from list resend revoke" -f -a "list" -d 'List the invitations that were not accepted yet'
complete -c svc -n "__fish_svc_using_subcommand invitation; and not __fish_seen_subcommand_from list resend revoke" -f -a "resend" -d 'Mail a new link to an invited user; the earlier link is refused from then on'
complete -c svc -n "__fish_svc_using_subcommand invitation; and not __fish_seen_subcommand_from list resend revoke" -f -a "revoke" -d 'Revoke an invitation: delete it and its account, which was never used'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from list" -l limit -d 'Print at most N entries' -r
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from list" -l after -d 'Begin after the entry with this ID: the last one of the part before' -r
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from list" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from list" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from list" -l all -d 'Print all entries, while they are read: with -o json, one JSON object per line'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from list" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from resend" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from resend" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from resend" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from resend" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from resend" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from resend" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from resend" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from resend" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from revoke" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from revoke" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from revoke" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from revoke" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from revoke" -l yes -d 'Do not ask for confirmation [default: ask on a terminal, exit with code 2 elsewhere]'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from revoke" -l dry-run -d 'Print what the command would do, and change nothing, also with --yes'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand invitation; and __fish_seen_subcommand_from revoke" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand token; and not __fish_seen_subcommand_from inspect" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand token; and not __fish_seen_subcommand_from inspect" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand token; and not __fish_seen_subcommand_from inspect" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand token; and not __fish_seen_subcommand_from inspect" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand token; and not __fish_seen_subcommand_from inspect" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand token; and not __fish_seen_subcommand_from inspect" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand token; and not __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand token; and not __fish_seen_subcommand_from inspect" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand token; and not __fish_seen_subcommand_from inspect" -f -a "inspect" -d 'Decode an access token, and say what verifies'
complete -c svc -n "__fish_svc_using_subcommand token; and __fish_seen_subcommand_from inspect" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand token; and __fish_seen_subcommand_from inspect" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand token; and __fish_seen_subcommand_from inspect" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand token; and __fish_seen_subcommand_from inspect" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand token; and __fish_seen_subcommand_from inspect" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand token; and __fish_seen_subcommand_from inspect" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand token; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand token; and __fish_seen_subcommand_from inspect" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand create-user" -l email -d 'Email address with which the user logs in' -r
complete -c svc -n "__fish_svc_using_subcommand create-user" -l name -d 'Display name of the user' -r
complete -c svc -n "__fish_svc_using_subcommand create-user" -l locale -d 'Language of mails to the user, such as de [default: `service.language`]' -r
complete -c svc -n "__fish_svc_using_subcommand create-user" -l role -d 'Role of the user' -r -f -a "user\t''
admin\t''"
complete -c svc -n "__fish_svc_using_subcommand create-user" -l password-file -d 'Read the password from the first line of FILE [default: ask on a terminal]' -r -F
complete -c svc -n "__fish_svc_using_subcommand create-user" -l password-hash-file -d 'Read a hash of the password, made by another service, from the first line of FILE' -r -F
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
complete -c svc -n "__fish_svc_using_subcommand create-user" -l password-hash-stdin -d 'Read a hash of the password, made by another service, from the first line of standard input'
complete -c svc -n "__fish_svc_using_subcommand create-user" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand create-user" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand create-user" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand create-user" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand issue-token" -l user -d 'User that the token is for: an ID or an email address' -r
complete -c svc -n "__fish_svc_using_subcommand issue-token" -l ttl -d 'Lifetime of the access token, at most 24h [default: `security.token.access_lifetime`]' -r
complete -c svc -n "__fish_svc_using_subcommand issue-token" -l audience -d 'Service that the tokens are for, from `security.token.audience` [default: the first one, this service]' -r
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
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from list" -l type -d 'Only events of this type, such as user.locked or svc.user.locked.v1' -r -f -a "user.registered\t''
user.updated\t''
user.password_changed\t''
user.locked\t''
user.unlocked\t''
user.role_changed\t''
user.verification_requested\t''
user.email_verified\t''
user.password_reset_requested\t''
user.invited\t''
user.invitation_accepted\t''
user.email_change_requested\t''
user.guessing_detected\t''
user.registration_repeated\t''
user.email_changed\t''
user.disowned\t''
user.email_change_disowned\t''
user.deleted\t''
session.started\t''
session.revoked\t''
session.reuse_detected\t''
ban.added\t''
ban.removed\t''
key.generated\t''
key.planned\t''
key.activated\t''
key.retired\t''
key.removed\t''
event.replayed\t''
dead_letter.discarded\t''"
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
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -l yes -d 'Do not ask for confirmation [default: ask on a terminal, exit with code 2 elsewhere]'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -l dry-run -d 'Print what the command would do, and change nothing, also with --yes'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from replay" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -l since -d 'Only events since WHEN: an age such as 24h, or a time such as 2026-01-31T12:00:00Z' -r
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from dead" -l type -d 'Only events of this type, such as user.locked or svc.user.locked.v1' -r -f -a "user.registered\t''
user.updated\t''
user.password_changed\t''
user.locked\t''
user.unlocked\t''
user.role_changed\t''
user.verification_requested\t''
user.email_verified\t''
user.password_reset_requested\t''
user.invited\t''
user.invitation_accepted\t''
user.email_change_requested\t''
user.guessing_detected\t''
user.registration_repeated\t''
user.email_changed\t''
user.disowned\t''
user.email_change_disowned\t''
user.deleted\t''
session.started\t''
session.revoked\t''
session.reuse_detected\t''
ban.added\t''
ban.removed\t''
key.generated\t''
key.planned\t''
key.activated\t''
key.retired\t''
key.removed\t''
event.replayed\t''
dead_letter.discarded\t''"
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
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from discard" -l yes -d 'Do not ask for confirmation [default: ask on a terminal, exit with code 2 elsewhere]'
complete -c svc -n "__fish_svc_using_subcommand event; and __fish_seen_subcommand_from discard" -l dry-run -d 'Print what the command would do, and change nothing, also with --yes'
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
complete -c svc -n "__fish_svc_using_subcommand audit; and __fish_seen_subcommand_from list" -l type -d 'Only events of this type, such as user.locked or svc.user.locked.v1' -r -f -a "user.registered\t''
user.updated\t''
user.password_changed\t''
user.locked\t''
user.unlocked\t''
user.role_changed\t''
user.verification_requested\t''
user.email_verified\t''
user.password_reset_requested\t''
user.invited\t''
user.invitation_accepted\t''
user.email_change_requested\t''
user.guessing_detected\t''
user.registration_repeated\t''
user.email_changed\t''
user.disowned\t''
user.email_change_disowned\t''
user.deleted\t''
session.started\t''
session.revoked\t''
session.reuse_detected\t''
ban.added\t''
ban.removed\t''
key.generated\t''
key.planned\t''
key.activated\t''
key.retired\t''
key.removed\t''
event.replayed\t''
dead_letter.discarded\t''"
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
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -f -a "list" -d 'List the signing keys, oldest first'
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -f -a "generate" -d 'Generate a key and publish it, without signing with it'
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -f -a "activate" -d 'Sign with a published key, and retire the one before'
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -f -a "retire" -d 'Stop signing with a key; its tokens stay valid'
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -f -a "remove" -d 'Remove a key whose tokens have expired'
complete -c svc -n "__fish_svc_using_subcommand key; and not __fish_seen_subcommand_from list generate activate retire remove rotate" -f -a "rotate" -d 'Replace the key that signs: publish another one, and sign with it once all services have it'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'
pem\t'Public keys for programs that read no JSON; only of `svc key list`'"
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from list" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from list" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from list" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from list" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from generate" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from generate" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from generate" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from generate" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from generate" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from generate" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from activate" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from activate" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from activate" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from activate" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from activate" -l force -d 'Activate the key before all services have it: they may refuse its tokens'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from activate" -l yes -d 'Do not ask for confirmation [default: ask on a terminal, exit with code 2 elsewhere]'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from activate" -l dry-run -d 'Print what the command would do, and change nothing, also with --yes'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from activate" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from activate" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from activate" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from activate" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from retire" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from retire" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from retire" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from retire" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from retire" -l force -d 'Retire the key although the service signs with it and no other key is active'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from retire" -l compromised -d 'The private key has leaked: refuse its tokens at once, sign with another key, and end the sessions whose tokens it signed'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from retire" -l yes -d 'Do not ask for confirmation [default: ask on a terminal, exit with code 2 elsewhere]'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from retire" -l dry-run -d 'Print what the command would do, and change nothing, also with --yes'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from retire" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from retire" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from retire" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from retire" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from remove" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from remove" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from remove" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from remove" -l force -d 'Remove the key although tokens that it signed may be valid: they are refused'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from remove" -l compromised -d 'The private key has leaked: refuse its tokens at once, sign with another key, and end the sessions whose tokens it signed'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from remove" -l yes -d 'Do not ask for confirmation [default: ask on a terminal, exit with code 2 elsewhere]'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from remove" -l dry-run -d 'Print what the command would do, and change nothing, also with --yes'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print the version'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from rotate" -l config -d 'Read settings from FILE [default: svc.toml in the working directory]' -r -F
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from rotate" -l set -d 'Set one setting, with precedence over all other sources; can be repeated' -r
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from rotate" -s o -l output -d 'Format of the output [default: table on a terminal, json elsewhere]' -r -f -a "table\t'Columns for reading on a terminal'
json\t'JSON for programs'"
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from rotate" -l color -d 'When to use colours; auto respects `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from rotate" -l force -d 'Sign with the new key at once: services that cached the key set may refuse its tokens'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from rotate" -l yes -d 'Do not ask for confirmation [default: ask on a terminal, exit with code 2 elsewhere]'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from rotate" -l dry-run -d 'Print what the command would do, and change nothing, also with --yes'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Log errors only'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Log more; repeat to log everything'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help; -h prints a summary'
complete -c svc -n "__fish_svc_using_subcommand key; and __fish_seen_subcommand_from rotate" -s V -l version -d 'Print the version'
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
