#compdef svc

autoload -U is-at-least

_svc() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
":: :_svc_commands" \
"*::: :->svc" \
&& ret=0
    case $state in
    (svc)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:svc-command-$line[1]:"
        case $line[1] in
            (serve)
_arguments "${_arguments_options[@]}" : \
'--wait=[Exit with code 69 if the database is unreachable after SECS seconds \[default\: serve "not ready" until it is reachable\]]:SECS:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--no-migrate[Do not migrate an embedded database \[default\: migrate it at the start\]]' \
'--with-worker[Run event handlers and clean-up jobs in this process too \[default\: with an embedded database only\]]' \
'--no-worker[Leave event handlers and clean-up jobs to \`svc consume\`]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(consume)
_arguments "${_arguments_options[@]}" : \
'--wait=[Exit with code 69 if the database is unreachable after SECS seconds \[default\: wait\]]:SECS:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(migrate)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
":: :_svc__subcmd__migrate_commands" \
"*::: :->migrate" \
&& ret=0

    case $state in
    (migrate)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:svc-migrate-command-$line[1]:"
        case $line[1] in
            (up)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(status)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
        esac
    ;;
esac
;;
(create-user)
_arguments "${_arguments_options[@]}" : \
'--email=[Email address with which the user logs in]:EMAIL:_default' \
'--name=[Display name of the user]:NAME:_default' \
'--role=[Role of the user\: user or admin]:ROLE:_default' \
'--password-file=[Read the password from the first line of FILE \[default\: ask on a terminal\]]:FILE:_files' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--verified[Mark the email address as verified \[default\: mail a link to verify it\]]' \
'--password-stdin[Read the password from the first line of standard input \[default\: ask on a terminal\]]' \
'--generate-password[Generate a password and print it once \[default\: ask on a terminal\]]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(issue-token)
_arguments "${_arguments_options[@]}" : \
'--user=[User that the token is for\: an ID or an email address]:ID|EMAIL:_default' \
'--ttl=[Lifetime of the access token, at most 24h \[default\: \`security.token.access_lifetime\`\]]:DURATION:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--refresh[Issue a refresh token too, so that the session outlives the access token]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(event)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
":: :_svc__subcmd__event_commands" \
"*::: :->event" \
&& ret=0

    case $state in
    (event)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:svc-event-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
'--since=[Only events since WHEN\: an age such as 24h, or a time such as 2026-01-31T12\:00\:00Z]:WHEN:_default' \
'--type=[Only events of this type, such as user.locked or svc.user.locked.v1]:TYPE:_default' \
'--user=[Only events of this user; a deleted user has an ID, but no email address]:ID|EMAIL:_default' \
'--limit=[Print at most N entries, the newest]:N:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
':id -- ID of the event:_default' \
&& ret=0
;;
(replay)
_arguments "${_arguments_options[@]}" : \
'--since=[Replay all events since WHEN\: an age such as 24h, or a time such as 2026-01-31T12\:00\:00Z]:WHEN:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--dead[Replay all dead letters, of handlers and of the broker]' \
'--yes[Replay several events \[default\: print how many there are, and exit with code 2\]]' \
'(--yes)--dry-run[Print how many events there are, without replaying them]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
'::id -- ID of one event:_default' \
&& ret=0
;;
(dead)
_arguments "${_arguments_options[@]}" : \
'--since=[Only events since WHEN\: an age such as 24h, or a time such as 2026-01-31T12\:00\:00Z]:WHEN:_default' \
'--type=[Only events of this type, such as user.locked or svc.user.locked.v1]:TYPE:_default' \
'--user=[Only events of this user; a deleted user has an ID, but no email address]:ID|EMAIL:_default' \
'--limit=[Print at most N entries, the newest]:N:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(discard)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--yes[Delete the messages \[default\: print how many there are, and exit with code 2\]]' \
'(--yes)--dry-run[Print how many messages there are, without deleting them]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(stats)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
        esac
    ;;
esac
;;
(audit)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
":: :_svc__subcmd__audit_commands" \
"*::: :->audit" \
&& ret=0

    case $state in
    (audit)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:svc-audit-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
'--since=[Only events since WHEN\: an age such as 24h, or a time such as 2026-01-31T12\:00\:00Z]:WHEN:_default' \
'--type=[Only events of this type, such as user.locked or svc.user.locked.v1]:TYPE:_default' \
'--user=[Only events of this user; a deleted user has an ID, but no email address]:ID|EMAIL:_default' \
'--limit=[Print at most N entries, the newest]:N:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
        esac
    ;;
esac
;;
(ban)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
":: :_svc__subcmd__ban_commands" \
"*::: :->ban" \
&& ret=0

    case $state in
    (ban)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:svc-ban-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(add)
_arguments "${_arguments_options[@]}" : \
'--user=[ID of the user]:ID:_default' \
'--email=[Email address of the user]:ADDRESS:_default' \
'--reason=[Reason of the ban in one line, for operators only; clients do not see it]:TEXT:_default' \
'--for=[Duration of the ban, such as 2h or 30days \[default\: until it is removed\]]:DURATION:_default' \
'(--for)--until=[End of the ban, such as 2026-01-31T12\:00\:00Z \[default\: until it is removed\]]:MOMENT:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--yes[Allow a network wider than an IPv4 /8 or an IPv6 /16 \[default\: exit with code 2\]]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
'::network -- IP address, or network such as 203.0.113.0/24:_default' \
&& ret=0
;;
(remove)
_arguments "${_arguments_options[@]}" : \
'--user=[ID of the user]:ID:_default' \
'--email=[Email address of the user]:ADDRESS:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
'::ban -- ID of the ban, or the banned IP address or network:_default' \
&& ret=0
;;
        esac
    ;;
esac
;;
(config)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
":: :_svc__subcmd__config_commands" \
"*::: :->config" \
&& ret=0

    case $state in
    (config)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:svc-config-command-$line[1]:"
        case $line[1] in
            (check)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--sources[Show the source of each setting too]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
        esac
    ;;
esac
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(healthcheck)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
'::url -- HTTP URL to check; without a path, /health/ready is checked \[default\: the address of server.listen\]:_default' \
&& ret=0
;;
(openapi)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(asyncapi)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
':shell -- Shell that reads the script:(bash zsh fish powershell)' \
&& ret=0
;;
(man)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
':dir -- Folder for the pages, such as svc.1 and svc-event-list.1; it is created if it does not exist:_files' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
'*::words -- Command, such as `event list`, or the topic exit-codes \[default\: all commands\]:_default' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_svc_commands] )) ||
_svc_commands() {
    local commands; commands=(
'serve:Serve the HTTP API' \
'consume:Run the background worker\: relay events, run handlers and clean-up jobs' \
'migrate:Migrate the database schema, or show which migrations are applied' \
'create-user:Create a user' \
'issue-token:Issue an access token for a user' \
'event:Inspect events, and replay or discard them' \
'audit:Inspect the audit log\: who did what, and when' \
'ban:Manage bans of IP addresses, networks and users' \
'config:Check or show the settings' \
'doctor:Check the service and its surroundings, and say what to do about each problem' \
'healthcheck:Check whether a running service is ready, for container health checks' \
'openapi:Print the OpenAPI document' \
'asyncapi:Print the AsyncAPI document, which describes all events' \
'completions:Print a script that completes commands and options in a shell' \
'man:Write the manual pages of all commands into a folder' \
'help:Print the help of a command, or about a topic' \
    )
    _describe -t commands 'svc commands' commands "$@"
}
(( $+functions[_svc__subcmd__asyncapi_commands] )) ||
_svc__subcmd__asyncapi_commands() {
    local commands; commands=()
    _describe -t commands 'svc asyncapi commands' commands "$@"
}
(( $+functions[_svc__subcmd__audit_commands] )) ||
_svc__subcmd__audit_commands() {
    local commands; commands=(
'list:List audit entries, newest first\: who did what to which user, and when' \
    )
    _describe -t commands 'svc audit commands' commands "$@"
}
(( $+functions[_svc__subcmd__audit__subcmd__list_commands] )) ||
_svc__subcmd__audit__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'svc audit list commands' commands "$@"
}
(( $+functions[_svc__subcmd__ban_commands] )) ||
_svc__subcmd__ban_commands() {
    local commands; commands=(
'list:List the active bans, oldest first' \
'add:Ban an IP address, a network or a user' \
'remove:Remove a ban' \
    )
    _describe -t commands 'svc ban commands' commands "$@"
}
(( $+functions[_svc__subcmd__ban__subcmd__add_commands] )) ||
_svc__subcmd__ban__subcmd__add_commands() {
    local commands; commands=()
    _describe -t commands 'svc ban add commands' commands "$@"
}
(( $+functions[_svc__subcmd__ban__subcmd__list_commands] )) ||
_svc__subcmd__ban__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'svc ban list commands' commands "$@"
}
(( $+functions[_svc__subcmd__ban__subcmd__remove_commands] )) ||
_svc__subcmd__ban__subcmd__remove_commands() {
    local commands; commands=()
    _describe -t commands 'svc ban remove commands' commands "$@"
}
(( $+functions[_svc__subcmd__completions_commands] )) ||
_svc__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'svc completions commands' commands "$@"
}
(( $+functions[_svc__subcmd__config_commands] )) ||
_svc__subcmd__config_commands() {
    local commands; commands=(
'check:Check the settings, and exit with code 78 if they are wrong' \
'show:Show every setting, with secrets redacted' \
    )
    _describe -t commands 'svc config commands' commands "$@"
}
(( $+functions[_svc__subcmd__config__subcmd__check_commands] )) ||
_svc__subcmd__config__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'svc config check commands' commands "$@"
}
(( $+functions[_svc__subcmd__config__subcmd__show_commands] )) ||
_svc__subcmd__config__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'svc config show commands' commands "$@"
}
(( $+functions[_svc__subcmd__consume_commands] )) ||
_svc__subcmd__consume_commands() {
    local commands; commands=()
    _describe -t commands 'svc consume commands' commands "$@"
}
(( $+functions[_svc__subcmd__create-user_commands] )) ||
_svc__subcmd__create-user_commands() {
    local commands; commands=()
    _describe -t commands 'svc create-user commands' commands "$@"
}
(( $+functions[_svc__subcmd__doctor_commands] )) ||
_svc__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'svc doctor commands' commands "$@"
}
(( $+functions[_svc__subcmd__event_commands] )) ||
_svc__subcmd__event_commands() {
    local commands; commands=(
'list:List events, newest first, and whether they have been relayed' \
'show:Show one event as published, how it was relayed, and the inbox entry of each handler' \
'replay:Relay events again, and requeue dead letters' \
'dead:List dead letters with their errors, newest first\: those of handlers, then those of the broker' \
'discard:Permanently delete the dead letters of the broker that name no event' \
'stats:Show the backlog of the outbox, of each handler and of the broker' \
    )
    _describe -t commands 'svc event commands' commands "$@"
}
(( $+functions[_svc__subcmd__event__subcmd__dead_commands] )) ||
_svc__subcmd__event__subcmd__dead_commands() {
    local commands; commands=()
    _describe -t commands 'svc event dead commands' commands "$@"
}
(( $+functions[_svc__subcmd__event__subcmd__discard_commands] )) ||
_svc__subcmd__event__subcmd__discard_commands() {
    local commands; commands=()
    _describe -t commands 'svc event discard commands' commands "$@"
}
(( $+functions[_svc__subcmd__event__subcmd__list_commands] )) ||
_svc__subcmd__event__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'svc event list commands' commands "$@"
}
(( $+functions[_svc__subcmd__event__subcmd__replay_commands] )) ||
_svc__subcmd__event__subcmd__replay_commands() {
    local commands; commands=()
    _describe -t commands 'svc event replay commands' commands "$@"
}
(( $+functions[_svc__subcmd__event__subcmd__show_commands] )) ||
_svc__subcmd__event__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'svc event show commands' commands "$@"
}
(( $+functions[_svc__subcmd__event__subcmd__stats_commands] )) ||
_svc__subcmd__event__subcmd__stats_commands() {
    local commands; commands=()
    _describe -t commands 'svc event stats commands' commands "$@"
}
(( $+functions[_svc__subcmd__healthcheck_commands] )) ||
_svc__subcmd__healthcheck_commands() {
    local commands; commands=()
    _describe -t commands 'svc healthcheck commands' commands "$@"
}
(( $+functions[_svc__subcmd__help_commands] )) ||
_svc__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'svc help commands' commands "$@"
}
(( $+functions[_svc__subcmd__issue-token_commands] )) ||
_svc__subcmd__issue-token_commands() {
    local commands; commands=()
    _describe -t commands 'svc issue-token commands' commands "$@"
}
(( $+functions[_svc__subcmd__man_commands] )) ||
_svc__subcmd__man_commands() {
    local commands; commands=()
    _describe -t commands 'svc man commands' commands "$@"
}
(( $+functions[_svc__subcmd__migrate_commands] )) ||
_svc__subcmd__migrate_commands() {
    local commands; commands=(
'up:Apply the pending migrations and print them; the same as \`svc migrate\`' \
'status:Print every migration and whether it is applied' \
    )
    _describe -t commands 'svc migrate commands' commands "$@"
}
(( $+functions[_svc__subcmd__migrate__subcmd__status_commands] )) ||
_svc__subcmd__migrate__subcmd__status_commands() {
    local commands; commands=()
    _describe -t commands 'svc migrate status commands' commands "$@"
}
(( $+functions[_svc__subcmd__migrate__subcmd__up_commands] )) ||
_svc__subcmd__migrate__subcmd__up_commands() {
    local commands; commands=()
    _describe -t commands 'svc migrate up commands' commands "$@"
}
(( $+functions[_svc__subcmd__openapi_commands] )) ||
_svc__subcmd__openapi_commands() {
    local commands; commands=()
    _describe -t commands 'svc openapi commands' commands "$@"
}
(( $+functions[_svc__subcmd__serve_commands] )) ||
_svc__subcmd__serve_commands() {
    local commands; commands=()
    _describe -t commands 'svc serve commands' commands "$@"
}

if [ "$funcstack[1]" = "_svc" ]; then
    _svc "$@"
else
    compdef _svc svc
fi
