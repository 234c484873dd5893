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
'(--no-worker)--with-worker[Run event handlers and clean-up jobs in this process too \[default\: with an embedded database only\]]' \
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
(user)
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
":: :_svc__subcmd__user_commands" \
"*::: :->user" \
&& ret=0

    case $state in
    (user)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:svc-user-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
'--email=[Only the user with this email address]:EMAIL:_default' \
'--role=[Only users with this role]:ROLE:(user admin)' \
'--status=[Only users with this status]:STATUS:(active locked)' \
'(--all)--limit=[Print at most N entries]:N:_default' \
'--after=[Begin after the entry with this ID\: the last one of the part before]:ID:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--all[Print all entries, while they are read\: with -o json, one JSON object per line]' \
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
':user -- ID or email address of the user:_default' \
&& ret=0
;;
(create)
_arguments "${_arguments_options[@]}" : \
'--email=[Email address with which the user logs in]:EMAIL:_default' \
'--name=[Display name of the user]:NAME:_default' \
'--locale=[Language of mails to the user, such as de \[default\: \`service.language\`\]]:LANGUAGE:_default' \
'--role=[Role of the user]:ROLE:(user admin)' \
'--password-file=[Read the password from the first line of FILE \[default\: ask on a terminal\]]:FILE:_files' \
'--password-hash-file=[Read a hash of the password, made by another service, from the first line of FILE]:FILE:_files' \
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
'--password-hash-stdin[Read a hash of the password, made by another service, from the first line of standard input]' \
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
(invite)
_arguments "${_arguments_options[@]}" : \
'--name=[Display name of the user]:NAME:_default' \
'--locale=[Language of mails to the user, such as de \[default\: \`service.language\`\]]:LANGUAGE:_default' \
'--role=[Role of the user]:ROLE:(user admin)' \
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
':email -- Email address to which the invitation is mailed:_default' \
&& ret=0
;;
(lock)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--yes[Do not ask for confirmation \[default\: ask on a terminal, exit with code 2 elsewhere\]]' \
'--dry-run[Print what the command would do, and change nothing, also with --yes]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
':user -- ID or email address of the user:_default' \
&& ret=0
;;
(unlock)
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
':user -- ID or email address of the user:_default' \
&& ret=0
;;
(set-role)
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
':user -- ID or email address of the user:_default' \
':role -- New role:(user admin)' \
&& ret=0
;;
(set-metadata)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--app[Change \`app_metadata\`, which only administrators can change \[default\: metadata\]]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
':user -- ID or email address of the user:_default' \
':file -- File with the members to change; - for standard input:_files' \
&& ret=0
;;
(set-password)
_arguments "${_arguments_options[@]}" : \
'--password-file=[Read the password from the first line of FILE \[default\: ask on a terminal\]]:FILE:_files' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--password-stdin[Read the password from the first line of standard input \[default\: ask on a terminal\]]' \
'--generate-password[Generate a password and print it once \[default\: ask on a terminal\]]' \
'--keep-sessions[Keep the sessions of the user \[default\: revoke all of them\]]' \
'--yes[Do not ask for confirmation \[default\: ask on a terminal, exit with code 2 elsewhere\]]' \
'--dry-run[Print what the command would do, and change nothing, also with --yes]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
':user -- ID or email address of the user:_default' \
&& ret=0
;;
(verify-email)
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
':user -- ID or email address of the user:_default' \
&& ret=0
;;
(rename)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--remove[Remove the display name]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
':user -- ID or email address of the user:_default' \
'::name -- New display name:_default' \
&& ret=0
;;
(delete)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--yes[Do not ask for confirmation \[default\: ask on a terminal, exit with code 2 elsewhere\]]' \
'--dry-run[Print what the command would do, and change nothing, also with --yes]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
':user -- ID or email address of the user:_default' \
&& ret=0
;;
        esac
    ;;
esac
;;
(session)
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
":: :_svc__subcmd__session_commands" \
"*::: :->session" \
&& ret=0

    case $state in
    (session)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:svc-session-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
'--user=[Only the sessions of this user]:ID|EMAIL:_default' \
'(--all)--limit=[Print at most N entries]:N:_default' \
'--after=[Begin after the entry with this ID\: the last one of the part before]:ID:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--ended[List sessions that were revoked or have expired too]' \
'--all[Print all entries, while they are read\: with -o json, one JSON object per line]' \
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
':id -- ID of the session:_default' \
&& ret=0
;;
(revoke)
_arguments "${_arguments_options[@]}" : \
'()--user=[Revoke all sessions of this user]:ID|EMAIL:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--yes[Do not ask for confirmation \[default\: ask on a terminal, exit with code 2 elsewhere\]]' \
'--dry-run[Print what the command would do, and change nothing, also with --yes]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
'*::ids -- IDs of the sessions, at most 256:_default' \
&& ret=0
;;
(explain)
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
(invitation)
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
":: :_svc__subcmd__invitation_commands" \
"*::: :->invitation" \
&& ret=0

    case $state in
    (invitation)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:svc-invitation-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
'(--all)--limit=[Print at most N entries]:N:_default' \
'--after=[Begin after the entry with this ID\: the last one of the part before]:ID:_default' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--all[Print all entries, while they are read\: with -o json, one JSON object per line]' \
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
(resend)
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
':user -- ID or email address of the user:_default' \
&& ret=0
;;
(revoke)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--yes[Do not ask for confirmation \[default\: ask on a terminal, exit with code 2 elsewhere\]]' \
'--dry-run[Print what the command would do, and change nothing, also with --yes]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
':user -- ID or email address of the user:_default' \
&& ret=0
;;
        esac
    ;;
esac
;;
(token)
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
":: :_svc__subcmd__token_commands" \
"*::: :->token" \
&& ret=0

    case $state in
    (token)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:svc-token-command-$line[1]:"
        case $line[1] in
            (inspect)
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
'--locale=[Language of mails to the user, such as de \[default\: \`service.language\`\]]:LANGUAGE:_default' \
'--role=[Role of the user]:ROLE:(user admin)' \
'--password-file=[Read the password from the first line of FILE \[default\: ask on a terminal\]]:FILE:_files' \
'--password-hash-file=[Read a hash of the password, made by another service, from the first line of FILE]:FILE:_files' \
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
'--password-hash-stdin[Read a hash of the password, made by another service, from the first line of standard input]' \
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
'--audience=[Service that the tokens are for, from \`security.token.audience\` \[default\: the first one, this service\]]:AUDIENCE:_default' \
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
'--type=[Only events of this type, such as user.locked or svc.user.locked.v1]:TYPE:(user.registered user.updated user.password_changed user.locked user.unlocked user.role_changed user.verification_requested user.email_verified user.password_reset_requested user.invited user.invitation_accepted user.email_change_requested user.guessing_detected user.registration_repeated user.email_changed user.disowned user.email_change_disowned user.deleted session.started session.revoked session.reuse_detected ban.added ban.removed key.generated key.planned key.activated key.retired key.removed event.replayed dead_letter.discarded)' \
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
'--yes[Do not ask for confirmation \[default\: ask on a terminal, exit with code 2 elsewhere\]]' \
'--dry-run[Print what the command would do, and change nothing, also with --yes]' \
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
'--type=[Only events of this type, such as user.locked or svc.user.locked.v1]:TYPE:(user.registered user.updated user.password_changed user.locked user.unlocked user.role_changed user.verification_requested user.email_verified user.password_reset_requested user.invited user.invitation_accepted user.email_change_requested user.guessing_detected user.registration_repeated user.email_changed user.disowned user.email_change_disowned user.deleted session.started session.revoked session.reuse_detected ban.added ban.removed key.generated key.planned key.activated key.retired key.removed event.replayed dead_letter.discarded)' \
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
'--yes[Do not ask for confirmation \[default\: ask on a terminal, exit with code 2 elsewhere\]]' \
'--dry-run[Print what the command would do, and change nothing, also with --yes]' \
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
'--type=[Only events of this type, such as user.locked or svc.user.locked.v1]:TYPE:(user.registered user.updated user.password_changed user.locked user.unlocked user.role_changed user.verification_requested user.email_verified user.password_reset_requested user.invited user.invitation_accepted user.email_change_requested user.guessing_detected user.registration_repeated user.email_changed user.disowned user.email_change_disowned user.deleted session.started session.revoked session.reuse_detected ban.added ban.removed key.generated key.planned key.activated key.retired key.removed event.replayed dead_letter.discarded)' \
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
(key)
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
":: :_svc__subcmd__key_commands" \
"*::: :->key" \
&& ret=0

    case $state in
    (key)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:svc-key-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"
pem\:"Public keys for programs that read no JSON; only of \`svc key list\`"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"
pem\:"Public keys for programs that read no JSON; only of \`svc key list\`"))' \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
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
(generate)
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
(activate)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--force[Activate the key before all services have it\: they may refuse its tokens]' \
'--yes[Do not ask for confirmation \[default\: ask on a terminal, exit with code 2 elsewhere\]]' \
'--dry-run[Print what the command would do, and change nothing, also with --yes]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
':key -- ID of the key, or the first characters of it; write an ID that begins with a hyphen after `--`:_default' \
&& ret=0
;;
(retire)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--force[Retire the key although the service signs with it and no other key is active]' \
'(--force)--compromised[The private key has leaked\: refuse its tokens at once, sign with another key, and end the sessions whose tokens it signed]' \
'--yes[Do not ask for confirmation \[default\: ask on a terminal, exit with code 2 elsewhere\]]' \
'--dry-run[Print what the command would do, and change nothing, also with --yes]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
':key -- ID of the key, or the first characters of it; write an ID that begins with a hyphen after `--`:_default' \
&& ret=0
;;
(remove)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--force[Remove the key although tokens that it signed may be valid\: they are refused]' \
'(--force)--compromised[The private key has leaked\: refuse its tokens at once, sign with another key, and end the sessions whose tokens it signed]' \
'--yes[Do not ask for confirmation \[default\: ask on a terminal, exit with code 2 elsewhere\]]' \
'--dry-run[Print what the command would do, and change nothing, also with --yes]' \
'(-v --verbose)-q[Log errors only]' \
'(-v --verbose)--quiet[Log errors only]' \
'*-v[Log more; repeat to log everything]' \
'*--verbose[Log more; repeat to log everything]' \
'-h[Print help; -h prints a summary]' \
'--help[Print help; -h prints a summary]' \
'-V[Print the version]' \
'--version[Print the version]' \
':key -- ID of the key, or the first characters of it; write an ID that begins with a hyphen after `--`:_default' \
&& ret=0
;;
(rotate)
_arguments "${_arguments_options[@]}" : \
'--config=[Read settings from FILE \[default\: svc.toml in the working directory\]]:FILE:_files' \
'*--set=[Set one setting, with precedence over all other sources; can be repeated]:KEY=VALUE:_default' \
'-o+[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--output=[Format of the output \[default\: table on a terminal, json elsewhere\]]:FORMAT:((table\:"Columns for reading on a terminal"
json\:"JSON for programs"))' \
'--color=[When to use colours; auto respects \`NO_COLOR\`]:WHEN:(auto always never)' \
'--force[Sign with the new key at once\: services that cached the key set may refuse its tokens]' \
'--yes[Do not ask for confirmation \[default\: ask on a terminal, exit with code 2 elsewhere\]]' \
'--dry-run[Print what the command would do, and change nothing, also with --yes]' \
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
'*::words -- Command, such as `event list`, or the topic exit-codes \[default\: all commands\]:(serve consume migrate user session invitation token create-user issue-token event audit ban key config doctor healthcheck openapi asyncapi completions man help exit-codes)' \
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
'user:List, show and change users' \
'session:List, show, revoke and explain sessions' \
'invitation:List, resend and revoke invitations' \
'token:Decode access tokens' \
'create-user:Create a user' \
'issue-token:Issue an access token for a user' \
'event:Inspect events, and replay or discard them' \
'audit:Inspect the audit log\: who did what, and when' \
'ban:Manage bans of IP addresses, networks and users' \
'key:Manage the keys that sign access tokens' \
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
(( $+functions[_svc__subcmd__invitation_commands] )) ||
_svc__subcmd__invitation_commands() {
    local commands; commands=(
'list:List the invitations that were not accepted yet' \
'resend:Mail a new link to an invited user; the earlier link is refused from then on' \
'revoke:Revoke an invitation\: delete it and its account, which was never used' \
    )
    _describe -t commands 'svc invitation commands' commands "$@"
}
(( $+functions[_svc__subcmd__invitation__subcmd__list_commands] )) ||
_svc__subcmd__invitation__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'svc invitation list commands' commands "$@"
}
(( $+functions[_svc__subcmd__invitation__subcmd__resend_commands] )) ||
_svc__subcmd__invitation__subcmd__resend_commands() {
    local commands; commands=()
    _describe -t commands 'svc invitation resend commands' commands "$@"
}
(( $+functions[_svc__subcmd__invitation__subcmd__revoke_commands] )) ||
_svc__subcmd__invitation__subcmd__revoke_commands() {
    local commands; commands=()
    _describe -t commands 'svc invitation revoke commands' commands "$@"
}
(( $+functions[_svc__subcmd__issue-token_commands] )) ||
_svc__subcmd__issue-token_commands() {
    local commands; commands=()
    _describe -t commands 'svc issue-token commands' commands "$@"
}
(( $+functions[_svc__subcmd__key_commands] )) ||
_svc__subcmd__key_commands() {
    local commands; commands=(
'list:List the signing keys, oldest first' \
'generate:Generate a key and publish it, without signing with it' \
'activate:Sign with a published key, and retire the one before' \
'retire:Stop signing with a key; its tokens stay valid' \
'remove:Remove a key whose tokens have expired' \
'rotate:Replace the key that signs\: publish another one, and sign with it once all services have it' \
    )
    _describe -t commands 'svc key commands' commands "$@"
}
(( $+functions[_svc__subcmd__key__subcmd__activate_commands] )) ||
_svc__subcmd__key__subcmd__activate_commands() {
    local commands; commands=()
    _describe -t commands 'svc key activate commands' commands "$@"
}
(( $+functions[_svc__subcmd__key__subcmd__generate_commands] )) ||
_svc__subcmd__key__subcmd__generate_commands() {
    local commands; commands=()
    _describe -t commands 'svc key generate commands' commands "$@"
}
(( $+functions[_svc__subcmd__key__subcmd__list_commands] )) ||
_svc__subcmd__key__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'svc key list commands' commands "$@"
}
(( $+functions[_svc__subcmd__key__subcmd__remove_commands] )) ||
_svc__subcmd__key__subcmd__remove_commands() {
    local commands; commands=()
    _describe -t commands 'svc key remove commands' commands "$@"
}
(( $+functions[_svc__subcmd__key__subcmd__retire_commands] )) ||
_svc__subcmd__key__subcmd__retire_commands() {
    local commands; commands=()
    _describe -t commands 'svc key retire commands' commands "$@"
}
(( $+functions[_svc__subcmd__key__subcmd__rotate_commands] )) ||
_svc__subcmd__key__subcmd__rotate_commands() {
    local commands; commands=()
    _describe -t commands 'svc key rotate commands' commands "$@"
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
(( $+functions[_svc__subcmd__session_commands] )) ||
_svc__subcmd__session_commands() {
    local commands; commands=(
'list:List sessions, newest first' \
'show:Show one session, in any state' \
'revoke:Revoke sessions by ID, or all sessions of a user' \
'explain:Explain why a session, a refresh token or an access token is accepted or not' \
    )
    _describe -t commands 'svc session commands' commands "$@"
}
(( $+functions[_svc__subcmd__session__subcmd__explain_commands] )) ||
_svc__subcmd__session__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'svc session explain commands' commands "$@"
}
(( $+functions[_svc__subcmd__session__subcmd__list_commands] )) ||
_svc__subcmd__session__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'svc session list commands' commands "$@"
}
(( $+functions[_svc__subcmd__session__subcmd__revoke_commands] )) ||
_svc__subcmd__session__subcmd__revoke_commands() {
    local commands; commands=()
    _describe -t commands 'svc session revoke commands' commands "$@"
}
(( $+functions[_svc__subcmd__session__subcmd__show_commands] )) ||
_svc__subcmd__session__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'svc session show commands' commands "$@"
}
(( $+functions[_svc__subcmd__token_commands] )) ||
_svc__subcmd__token_commands() {
    local commands; commands=(
'inspect:Decode an access token, and say what verifies' \
    )
    _describe -t commands 'svc token commands' commands "$@"
}
(( $+functions[_svc__subcmd__token__subcmd__inspect_commands] )) ||
_svc__subcmd__token__subcmd__inspect_commands() {
    local commands; commands=()
    _describe -t commands 'svc token inspect commands' commands "$@"
}
(( $+functions[_svc__subcmd__user_commands] )) ||
_svc__subcmd__user_commands() {
    local commands; commands=(
'list:List users in the order of registration' \
'show:Show a user with sessions, mailed tokens, ban and the last audit entries' \
'create:Create a user' \
'invite:Create a user without a password, and mail an invitation to set one' \
'lock:Lock a user\: no log-in, and all sessions are revoked' \
'unlock:Unlock a user' \
'set-role:Change the role of a user' \
'set-metadata:Change the metadata that applications keep about a user' \
'set-password:Set the password of a user, and revoke all sessions' \
'verify-email:Mark the email address of a user as verified' \
'rename:Change or remove the display name of a user' \
'delete:Delete a user and all their sessions' \
    )
    _describe -t commands 'svc user commands' commands "$@"
}
(( $+functions[_svc__subcmd__user__subcmd__create_commands] )) ||
_svc__subcmd__user__subcmd__create_commands() {
    local commands; commands=()
    _describe -t commands 'svc user create commands' commands "$@"
}
(( $+functions[_svc__subcmd__user__subcmd__delete_commands] )) ||
_svc__subcmd__user__subcmd__delete_commands() {
    local commands; commands=()
    _describe -t commands 'svc user delete commands' commands "$@"
}
(( $+functions[_svc__subcmd__user__subcmd__invite_commands] )) ||
_svc__subcmd__user__subcmd__invite_commands() {
    local commands; commands=()
    _describe -t commands 'svc user invite commands' commands "$@"
}
(( $+functions[_svc__subcmd__user__subcmd__list_commands] )) ||
_svc__subcmd__user__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'svc user list commands' commands "$@"
}
(( $+functions[_svc__subcmd__user__subcmd__lock_commands] )) ||
_svc__subcmd__user__subcmd__lock_commands() {
    local commands; commands=()
    _describe -t commands 'svc user lock commands' commands "$@"
}
(( $+functions[_svc__subcmd__user__subcmd__rename_commands] )) ||
_svc__subcmd__user__subcmd__rename_commands() {
    local commands; commands=()
    _describe -t commands 'svc user rename commands' commands "$@"
}
(( $+functions[_svc__subcmd__user__subcmd__set-metadata_commands] )) ||
_svc__subcmd__user__subcmd__set-metadata_commands() {
    local commands; commands=()
    _describe -t commands 'svc user set-metadata commands' commands "$@"
}
(( $+functions[_svc__subcmd__user__subcmd__set-password_commands] )) ||
_svc__subcmd__user__subcmd__set-password_commands() {
    local commands; commands=()
    _describe -t commands 'svc user set-password commands' commands "$@"
}
(( $+functions[_svc__subcmd__user__subcmd__set-role_commands] )) ||
_svc__subcmd__user__subcmd__set-role_commands() {
    local commands; commands=()
    _describe -t commands 'svc user set-role commands' commands "$@"
}
(( $+functions[_svc__subcmd__user__subcmd__show_commands] )) ||
_svc__subcmd__user__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'svc user show commands' commands "$@"
}
(( $+functions[_svc__subcmd__user__subcmd__unlock_commands] )) ||
_svc__subcmd__user__subcmd__unlock_commands() {
    local commands; commands=()
    _describe -t commands 'svc user unlock commands' commands "$@"
}
(( $+functions[_svc__subcmd__user__subcmd__verify-email_commands] )) ||
_svc__subcmd__user__subcmd__verify-email_commands() {
    local commands; commands=()
    _describe -t commands 'svc user verify-email commands' commands "$@"
}

if [ "$funcstack[1]" = "_svc" ]; then
    _svc "$@"
else
    compdef _svc svc
fi
