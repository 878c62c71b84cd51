import type { Chart } from '../../report/figures/chart.js';
import { address, useData } from './api.js';
import { ChartView, type ChartViewProps } from './chart.js';
import { Command, Content, Drawn, Empty, word } from './parts.js';

export interface FigureAnswer {
  charts: Chart[];
  figures: { id: string; markup: string }[];
  words: string[];
  sql: string;
  empty: string | null;
}

export interface FigureViewProps extends Omit<ChartViewProps, 'chart'> {
  kind: string;
  /** Options as in the address of the figure. */
  parameters: Record<string, string | undefined>;
  /** The command that draws the same. */
  command: string;
}

/** A figure with its downloads, and the command and query that give the same. */
export function FigureView({ kind, parameters, command, ...rest }: FigureViewProps) {
  const loaded = useData<FigureAnswer>(address(`/api/figures/${kind}`, parameters));
  const file = (ending: string) => address(`/figures/${kind}.${ending}`, parameters);
  return (
    <Content of={loaded}>
      {(data) =>
        data.empty !== null ? (
          <Empty>{data.empty}</Empty>
        ) : (
          <>
            <div class="charts">
              {data.figures.map(({ id, markup }) => (
                <Drawn key={id} name="figure-still" markup={markup} />
              ))}
              {data.charts.map((chart) => (
                <ChartView key={chart.id} chart={chart} {...rest} />
              ))}
            </div>
            <div class="take">
              <a href={file('svg')} target="_blank" rel="noreferrer">
                SVG
              </a>
              <a href={file('csv')} download>
                CSV
              </a>
              <a href={address('/query', { sql: data.sql.length < 4_000 ? data.sql : undefined })}>
                these rows as SQL
              </a>
              <Command>{command}</Command>
            </div>
          </>
        )
      }
    </Content>
  );
}

/** `cellar plot …` with the options of an address. */
export function plotCommand(
  kind: string,
  subjects: readonly string[],
  options: Record<string, string | undefined>,
): string {
  const given = Object.entries(options).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return [
    'cellar plot',
    kind,
    ...subjects.map(word),
    ...given.map(([name, value]) => `--${name} ${word(value)}`),
  ].join(' ');
}
