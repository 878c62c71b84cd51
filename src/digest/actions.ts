import type { Digest } from './digest.js';
import type { OtherFailure } from './failures.js';

/** Something a person should do, with the command that does it or shows more. */
export interface Action {
  what: string;
  command: string | null;
}

/** What could not be looked at, in words. */
export function describeSurrounding({ event, path, message }: OtherFailure): string {
  if (path === null) return message;
  return event === 'emptied' ? `${path} is empty: ${message}` : `${path} cannot be read: ${message}`;
}

/** A path or text as one word of a command line, for the shell of every system. */
const word = (text: string) => (/^[\w./:\\-]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`);

/** What a person should do about findings of a code; other warnings only need to be read. */
const advice: Record<string, string> = {
  DATE_ORDER_ASSUMED: 'say in cellar.toml whether dates are day first or month first (date_order)',
  DATE_ORDER_UNKNOWN: 'say in cellar.toml whether dates are day first or month first (date_order)',
  CELL_AMBIGUOUS: 'name the cell of these files by file_pattern in cells.csv',
  CURRENT_DIRECTION_UNKNOWN:
    'export these with their step types: as they are, no efficiency is computed from them',
  UNKNOWN_COLUMN: 'see whether a new column holds something you need',
};

function refusedActions({ refused }: Digest): Action[] {
  const conflicts = refused.filter(({ status }) => status === 'conflict');
  const rejected = refused.filter(({ status }) => status === 'rejected');
  return [
    ...conflicts.map(({ path }) => ({
      what: `${path} contradicts a stored test: if the new file is right, let it take the place of the old one`,
      command: `cellar ingest ${word(path)} --supersede`,
    })),
    ...rejected.slice(0, 3).map(({ path, message }) => ({
      what: `${path} was refused (${message}): see how it would be read, export it again if it is damaged`,
      command: `cellar sniff ${word(path)}`,
    })),
    ...(rejected.length > 3
      ? [{ what: `${rejected.length - 3} more files were refused`, command: 'cellar status' }]
      : []),
  ];
}

function rejectedRowActions({ rejected_rows: files }: Digest): Action[] {
  if (files.length === 0) return [];
  const ids = files.map(({ file_id }) => file_id).join(', ');
  const counts = new Map<string, number>();
  for (const { unit_of_lines: unit, rows } of files) counts.set(unit, (counts.get(unit) ?? 0) + rows);
  const what = [...counts].sort().map(([unit, n]) => `${n} ${unit}${n === 1 ? '' : 's'}`);
  return [
    {
      what: `look at ${what.join(' and ')} that could not be stored`,
      command: `cellar query "select * from rejects where file_id in (${ids})"`,
    },
  ];
}

function surroundingActions({ surroundings, lost_exclusions }: Digest): Action[] {
  const folders = surroundings.filter(({ event }) => event !== 'notice');
  return [
    ...folders.slice(0, 3).map((one) => ({
      what: `see that it can be read and that its share is mounted: ${describeSurrounding(one)}`,
      command: null,
    })),
    ...(folders.length > 3
      ? [{ what: `${folders.length - 3} more folders or files cannot be read`, command: null }]
      : []),
    ...lost_exclusions.map(({ cell_id, reason }) => ({
      what: `cell ${cell_id} is excluded (${reason}) and is no longer in any cells.csv: if it has another id now, move the exclusion to it`,
      command: `cellar rename ${word(cell_id)} NEW`,
    })),
  ];
}

function metadataActions({ new_tests, new_spectra, cells_without_material: cells }: Digest): Action[] {
  const unknown = new Set(
    [...new_tests, ...new_spectra].filter(({ cell_id }) => cell_id === null).map(({ path }) => path),
  );
  const cold = new_spectra.filter(({ without_temperature: count }) => count > 0).length;
  const actions: Action[] = [];
  if (unknown.size > 0) {
    const [first] = unknown;
    actions.push({
      what: `say in cells.csv which cell ${unknown.size === 1 ? `${first} is` : `${unknown.size} new files are`} of (file_pattern)`,
      command: 'cellar status',
    });
  }
  if (cold > 0) {
    actions.push({
      what: `give the temperature of the spectra in ${cold} new ${cold === 1 ? 'file' : 'files'} in conditions.csv`,
      command: 'cellar status',
    });
  }
  if (cells.length > 0) {
    const named = cells.slice(0, 5).join(', ');
    actions.push({
      what: `say in cells.csv which material ${cells.length === 1 ? `cell ${named} tests` : `${cells.length} cells test (${named}${cells.length > 5 ? ', …' : ''})`}`,
      command: null,
    });
  }
  return actions;
}

function findingActions({ findings }: Digest): Action[] {
  return findings
    .filter(({ severity, code }) => severity !== 'info' && code !== 'CONFLICT' && code !== 'RECORDS_REJECTED')
    .map(({ code, count, repairable, examples }) => {
      const [first] = examples;
      if (repairable > 0 && first !== undefined) {
        return {
          what: `${code}: ${repairable} ${repairable === 1 ? 'repair is' : 'repairs are'} proposed; if they are right, have them done`,
          command: `cellar ingest ${word(first.path)} --repair ${code}`,
        };
      }
      return {
        what: `${code} (${count}): ${advice[code] ?? 'read what was found and decide whether the data can be used'}`,
        command: `cellar query "select path, message from findings join files using (file_id) where code = '${code}' order by file_id desc limit 20"`,
      };
    });
}

function cellActions({ trends, verdict_changes }: Digest): Action[] {
  const cells = [...new Set(trends.left.map(({ cell_id }) => cell_id))];
  return [
    ...cells.map((cell) => ({
      what: `look at cell ${cell}; if it is broken (a short, a leak, a lost contact), leave it out on record: cellar exclude ${word(cell)} --reason TEXT`,
      command: `cellar query "select cell_cycle, coulombic_efficiency, discharging_capacity_ah from cell_cycles where cell_id = '${cell.replaceAll("'", "''")}' order by cell_cycle desc limit 20"`,
    })),
    ...verdict_changes
      .filter(({ before }) => before !== null)
      .map(({ material_id, target_id, before, now }) => ({
        what: `see why ${material_id} went from ${before} to ${now}`,
        command: `cellar why ${word(`${material_id}/${target_id}`)}`,
      })),
  ];
}

function runActions({ failures, runs, vanished }: Digest): Action[] {
  const cut = runs.filter(({ command, finished_at }) => command === 'ingest' && finished_at === null);
  const last = failures.at(-1);
  return [
    ...(last === undefined
      ? []
      : [{ what: `correct what stopped an ingest: ${last.message}`, command: 'cellar doctor' }]),
    ...(cut.length === 0
      ? []
      : [
          {
            what: `run ${cut.map(({ run_id }) => run_id).join(', ')} did not end; the next one completes it`,
            command: 'cellar doctor',
          },
        ]),
    ...(vanished.length === 0
      ? []
      : [
          {
            what: `${vanished.length === 1 ? 'a file is' : `${vanished.length} files are`} gone from the folders (the data are kept): see that nobody lost them`,
            command: null,
          },
        ]),
  ];
}

const makers = [
  runActions,
  surroundingActions,
  refusedActions,
  cellActions,
  rejectedRowActions,
  metadataActions,
  findingActions,
] as const;

/**
 * Whether there is something that a person should do. Files without a cell do not count while the laboratory keeps no
 * list of cells, since nobody expects a verdict then.
 */
export function hasOpenItems(digest: Digest): boolean {
  return makers
    .filter((actionsFor) => actionsFor !== metadataActions || digest.has_cells)
    .some((actionsFor) => actionsFor(digest).length > 0);
}

/**
 * What a person should do, most urgent first.
 *
 * @param database the database to name in the commands; undefined where it is the default one
 */
export function actionsOf(digest: Digest, database?: string | undefined): Action[] {
  const actions = makers.flatMap((actionsFor) => actionsFor(digest));
  if (database === undefined) return actions;
  return actions.map(({ what, command }) => ({
    what,
    command: command === null ? null : `${command} --db ${word(database)}`,
  }));
}
