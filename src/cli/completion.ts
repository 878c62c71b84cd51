import { Argument, type Command } from 'commander';
import { write } from './support/output.js';
import { action, type Session } from './support/session.js';

const help = `
Examples:
  source <(cellar completion bash)                              for this session; in ~/.bashrc for every one
  cellar completion zsh > "\${fpath[1]}/_cellar"                 zsh
  cellar completion fish > ~/.config/fish/completions/cellar.fish`;

/** Adds `cellar completion`. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .summary('Tab completion for a shell')
    .description('Print a script that teaches a shell to complete commands and options.')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(scripts)))
    .addHelpText('after', help)
    .action(
      action((_session: Session, _options: object, shell: string) =>
        write(scripts[shell as keyof typeof scripts](describe(program))),
      ),
    );
}

/** What can be completed after a command. */
interface Words {
  name: string;
  description: string;
  options: { flags: string[]; description: string; choices: readonly string[]; takesFile: boolean }[];
  choices: readonly string[];
}

function words(command: Command, shared: Words['options']): Words {
  return {
    name: command.name(),
    description: command.summary() || command.description(),
    options: [...optionsOf(command), ...shared],
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
}

function optionsOf(command: Command): Words['options'] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ short, long, description, argChoices, required, optional }) => ({
      flags: [short, long].filter((flag) => flag !== undefined),
      description,
      choices: argChoices ?? [],
      takesFile: required || optional,
    }));
}

function describe(program: Command): Words[] {
  const shared = optionsOf(program).filter(
    ({ flags }) => !flags.includes('--version') && !flags.includes('--help'),
  );
  return program.commands.map((command) => words(command, shared));
}

function bash(commands: Words[]): string {
  const cases = commands.flatMap(({ name, options, choices }) => [
    ...options
      .filter((option) => option.choices.length > 0)
      .map(({ flags, choices: values }) => `    ${name}:${flags.at(-1)}) words='${values.join(' ')}' ;;`),
    `    ${name}:*) words='${[...choices, ...options.flatMap(({ flags }) => flags)].join(' ')}' ;;`,
  ]);
  return `# Completion of cellar for bash.
_cellar() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      ${commands.map(({ name }) => name).join('|')}) command="$word"; break ;;
    esac
  done
  case "$command:$previous" in
    :*) words='${commands.map(({ name }) => name).join(' ')} --help --version' ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _cellar cellar
`;
}

/** Text inside single quotes of zsh's `_arguments`, where brackets and colons have a meaning. */
const zshText = (text: string) => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');

function zsh(commands: Words[]): string {
  const list = commands.map(({ name, description }) => `    '${name}:${zshText(description)}'`);
  const cases = commands.map(({ name, options, choices }) => {
    const specs = options.flatMap(({ flags, description, choices: values, takesFile }) =>
      flags.map((flag) => {
        const value = values.length > 0 ? `:value:(${values.join(' ')})` : takesFile ? ':value:_files' : '';
        return `'${flag}[${zshText(description)}]${value}'`;
      }),
    );
    const rest = choices.length > 0 ? `'*:argument:(${choices.join(' ')})'` : "'*:argument:_files'";
    return `    ${name}) _arguments ${[...specs, rest].join(' ')} ;;`;
  });
  return `#compdef cellar
# Completion of cellar for zsh.
_cellar() {
  local -a commands
  commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = "_cellar" ]; then _cellar "$@"; else compdef _cellar cellar; fi
`;
}

const fishText = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fish(commands: Words[]): string {
  const lines = commands.flatMap(({ name, description, options, choices }) => {
    const within = `complete -c cellar -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c cellar -n __fish_use_subcommand -f -a ${name} -d ${fishText(description)}`,
      ...(choices.length > 0 ? [`${within} -f -a '${choices.join(' ')}'`] : []),
      ...options.map(({ flags, description: text, choices: values, takesFile }) => {
        const names = flags.map((flag) =>
          flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
        );
        const value = values.length > 0 ? ` -x -a '${values.join(' ')}'` : takesFile ? ' -r' : '';
        return `${within} ${names.join(' ')}${value} -d ${fishText(text)}`;
      }),
    ];
  });
  return `# Completion of cellar for fish.\n${lines.join('\n')}\n`;
}

const scripts = { bash, zsh, fish };
