import { address, useData } from '../api.js';
import { FigureView, plotCommand } from '../figure.js';
import { Command, Content, clockText, Empty, numberText, Scroll } from '../parts.js';
import { go, withParameters } from '../router.js';
import type { CellAnswer } from './cell-answer.js';

function spectrumText(one: CellAnswer['spectra'][number]): string {
  return [
    one.temperature_celsius === null ? null : `${numberText(one.temperature_celsius)} °C`,
    one.branch,
    one.state_of_charge === null ? null : `${numberText(100 * one.state_of_charge)} %`,
    one.measured_at === null ? null : clockText(one.measured_at),
    one.after_cell_cycle === null ? null : `after cycle ${one.after_cell_cycle}`,
    `spectrum ${one.spectrum_id}`,
  ]
    .filter((text) => text !== null)
    .join(', ');
}

interface Quantity {
  spectrum_id: number;
  circuit: string;
  kramers_kronig: string | null;
  quantity: string;
  text: string;
  interval: string;
  status: string;
}

const MOST_TABLED = 3;

/** What was fitted to the spectra that are shown, where they are few. */
function Quantities({ spectra }: { spectra: readonly string[] }) {
  const isFew = spectra.length <= MOST_TABLED;
  const loaded = useData<{ quantities: Quantity[] }>(
    isFew ? address('/api/quantities', { spectra: spectra.join(',') }) : null,
  );
  if (!isFew) return <p class="muted hint">Choose up to three spectra for a table of what was fitted.</p>;
  return (
    <Content of={loaded}>
      {({ quantities }) =>
        quantities.length === 0 ? (
          <Empty>
            Nothing is fitted yet: <Command>cellar analyze</Command>
          </Empty>
        ) : (
          <Scroll label="Fitted quantities">
            <table class="dense">
              <thead>
                <tr>
                  <th scope="col">Spectrum</th>
                  <th scope="col">Circuit</th>
                  <th scope="col">Kramers–Kronig</th>
                  <th scope="col">Quantity</th>
                  <th scope="col" class="right">
                    Value
                  </th>
                  <th scope="col">95 % interval</th>
                  <th scope="col">Status</th>
                </tr>
              </thead>
              <tbody>
                {quantities.map((one) => (
                  <tr key={`${one.spectrum_id} ${one.quantity}`}>
                    <td>{one.spectrum_id}</td>
                    <td>{one.circuit}</td>
                    <td>{one.kramers_kronig ?? ''}</td>
                    <th scope="row">{one.quantity}</th>
                    <td class="right">{one.text}</td>
                    <td>{one.interval}</td>
                    <td>{one.status}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )
      }
    </Content>
  );
}

export function Spectra({ url, spectra, id }: { url: URL; spectra: CellAnswer['spectra']; id: string }) {
  const given = url.searchParams.get('spectra');
  const chosen = given === null ? spectra.map(({ spectrum_id }) => String(spectrum_id)) : given.split(',');
  const toggle = (one: string) => {
    const next = chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one];
    go(
      withParameters(url, {
        spectra: next.length === spectra.length || next.length === 0 ? null : next.join(','),
      }),
    );
  };
  return (
    <>
      <fieldset class="pick">
        <legend>
          spectra <a href={withParameters(url, { spectra: null })}>all</a>
        </legend>
        {spectra.map((one) => {
          const name = String(one.spectrum_id);
          return (
            <label key={name}>
              <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
              {spectrumText(one)}{' '}
              <a href={withParameters(url, { spectra: name })} aria-label={`only ${spectrumText(one)}`}>
                only
              </a>
            </label>
          );
        })}
      </fieldset>
      <FigureView
        kind="spectrum"
        parameters={given === null ? { cells: id } : { spectra: chosen.join(',') }}
        command={plotCommand('spectrum', given === null ? [id] : chosen, {})}
      />
      <Quantities spectra={chosen} />
    </>
  );
}
