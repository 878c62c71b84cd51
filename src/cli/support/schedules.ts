/** Ready entries for the schedulers of Linux, macOS and Windows that run the commands of a night one after the other. */

export interface Night {
  /** Hour and minute, 24 hours. */
  hour: number;
  minute: number;
  /** Each a program with its arguments, all paths absolute. */
  commands: readonly (readonly string[])[];
  /** Runs after them, however they ended. */
  finally: readonly string[];
  /** Folder the commands run in. */
  folder: string;
  /** File for the output of the commands, for a scheduler without a journal. */
  log: string;
}

export const schedulers = ['systemd', 'cron', 'launchd', 'windows'] as const;
export type Scheduler = (typeof schedulers)[number];

const two = (number: number) => String(number).padStart(2, '0');
const clock = ({ hour, minute }: Night) => `${two(hour)}:${two(minute)}`;

/** A word of a systemd command line, in its own quoting and with specifiers and variables escaped. */
const systemdWord = (text: string) =>
  `"${text.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

const shellWord = (text: string) =>
  /^[\w./:=@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const shellLine = (night: Night) => {
  const { log } = night;
  const each = [...night.commands, night.finally].map((words) => words.map(shellWord).join(' '));
  return `{ ${each.join('; ')}; } > ${shellWord(log)} 2>&1`;
};

const xmlText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const powershellWord = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * An argument quoted as Windows programs split their command line; a backslash before a quote would escape the quote.
 */
const windowsWord = (text: string) =>
  /[\s"]/.test(text) ? `"${text.replace(/(\\*)("|$)/g, '$1$1$2')}"` : text;

function systemd(night: Night): string {
  return `# systemd, for this user: two files. Then:
#   systemctl --user daemon-reload && systemctl --user enable --now cellar-nightly.timer
#   loginctl enable-linger "$USER"        (so that it runs while you are logged out)
#   journalctl --user -u cellar-nightly   (what the last nights said)

# ~/.config/systemd/user/cellar-nightly.service
[Unit]
Description=Cellar: read last night's exports

[Service]
Type=oneshot
WorkingDirectory=${night.folder.replaceAll('%', '%%')}
${night.commands.map((words) => `ExecStart=${words.map(systemdWord).join(' ')}`).join('\n')}
ExecStopPost=${night.finally.map(systemdWord).join(' ')}
# 4: something was rejected, 1 and 3: a target is missed or undecided. The rest is a failure of the night.
SuccessExitStatus=1 3 4

# ~/.config/systemd/user/cellar-nightly.timer
[Unit]
Description=Cellar, every night

[Timer]
OnCalendar=*-*-* ${clock(night)}:00
Persistent=true

[Install]
WantedBy=timers.target
`;
}

function cron(night: Night): string {
  const line = `cd ${shellWord(night.folder)} && ${shellLine(night)}`;
  return `# cron: one line for \`crontab -e\`; ${night.log} holds what last night said.
${night.minute} ${night.hour} * * * ${line.replaceAll('%', '\\%')}
`;
}

function launchd(night: Night): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- launchd (macOS): ~/Library/LaunchAgents/cellar.nightly.plist, then
     launchctl load ~/Library/LaunchAgents/cellar.nightly.plist -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>cellar.nightly</string>
  <key>WorkingDirectory</key><string>${xmlText(night.folder)}</string>
  <key>ProgramArguments</key>
  <array>
    <string>/bin/sh</string>
    <string>-c</string>
    <string>${xmlText(shellLine(night))}</string>
  </array>
  <key>StartCalendarInterval</key>
  <dict>
    <key>Hour</key><integer>${night.hour}</integer>
    <key>Minute</key><integer>${night.minute}</integer>
  </dict>
</dict>
</plist>
`;
}

function windows(night: Night): string {
  const actions = [...night.commands, night.finally].map(([program = '', ...words]) => {
    const given = words.map(windowsWord).join(' ');
    return `  (New-ScheduledTaskAction -Execute ${powershellWord(program)} -Argument ${powershellWord(given)} -WorkingDirectory ${powershellWord(night.folder)})`;
  });
  return `# Windows: paste into PowerShell. The log lies in .cellar beside the database.
Register-ScheduledTask -TaskName 'Cellar nightly' -Action @(
${actions.join(',\n')}
) -Trigger (New-ScheduledTaskTrigger -Daily -At ${clock(night)}) -Settings (New-ScheduledTaskSettingsSet -StartWhenAvailable -MultipleInstances IgnoreNew)
`;
}

const entries: Record<Scheduler, (night: Night) => string> = { systemd, cron, launchd, windows };

/** The entry for one scheduler, with what to do with it as comments. */
export function scheduleFor(scheduler: Scheduler, night: Night): string {
  return entries[scheduler](night);
}
