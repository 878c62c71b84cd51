import { go, withParameters } from '../router.js';

/** Options of each view that its address may hold. */
export const optionsOf: Record<string, readonly string[]> = {
  capacity: ['per', 'hide'],
  curves: ['cycles', 'dir', 'per'],
  dqdv: ['cycles', 'dir', 'step', 'per'],
  rate: ['per'],
  resistance: ['delay'],
  trace: ['from', 'to', 'y'],
  spectra: [],
  arrhenius: [],
};

/** A field of the address that takes effect when it loses the focus or Enter is pressed. */
function Field({
  url,
  name,
  label,
  placeholder,
}: {
  url: URL;
  name: string;
  label: string;
  placeholder: string;
}) {
  const given = url.searchParams.get(name) ?? '';
  return (
    <label>
      {label}{' '}
      <input
        key={given}
        type="text"
        size={14}
        defaultValue={given}
        placeholder={placeholder}
        onChange={(event) => go(withParameters(url, { [name]: event.currentTarget.value.trim() }))}
      />
    </label>
  );
}

/** A choice that is held in the address. */
export function Select({
  url,
  name,
  label,
  of,
}: {
  url: URL;
  name: string;
  label: string;
  of: readonly (readonly [string, string])[];
}) {
  return (
    <label>
      {label}{' '}
      <select
        value={url.searchParams.get(name) ?? ''}
        onChange={(event) => go(withParameters(url, { [name]: event.currentTarget.value }))}
      >
        {of.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Choices in their order on the page; the default value is empty, and the address leaves it out. */
const choices: readonly Omit<Parameters<typeof Select>[0], 'url'>[] = [
  {
    name: 'dir',
    label: 'direction',
    of: [
      ['', 'both'],
      ['charge', 'charge'],
      ['discharge', 'discharge'],
    ],
  },
  {
    name: 'step',
    label: 'step',
    of: [
      ['2mV', '2 mV'],
      ['', '5 mV'],
      ['10mV', '10 mV'],
      ['20mV', '20 mV'],
      ['50mV', '50 mV'],
    ],
  },
  {
    name: 'per',
    label: 'capacity in',
    of: [
      ['', 'as known'],
      ['g', 'mAh/g'],
      ['cm2', 'mAh/cm²'],
      ['cell', 'mAh'],
    ],
  },
  {
    name: 'hide',
    label: 'formation',
    of: [
      ['', 'shown'],
      ['formation', 'hidden'],
    ],
  },
  {
    name: 'delay',
    label: 'delay',
    of: [
      ['', 'every'],
      ['first', 'first record'],
      ['1', '1 s'],
      ['10', '10 s'],
      ['30', '30 s'],
    ],
  },
];

/** The options that a view of a cell has. */
export function Options({ url, view }: { url: URL; view: string }) {
  const has = (name: string) => optionsOf[view]?.includes(name) === true;
  return (
    <div class="options">
      {has('cycles') ? <Field url={url} name="cycles" label="cycles" placeholder="2,50,100 or 1-10" /> : null}
      {choices
        .filter(({ name }) => has(name))
        .map((one) => (
          <Select key={one.name} url={url} {...one} />
        ))}
    </div>
  );
}
