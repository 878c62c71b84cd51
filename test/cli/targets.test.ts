import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cellar, temporaryFolder } from './run.js';

/** Target tables as whoever sets the limits meets them. */

const folder = temporaryFolder();
const run = (...args: string[]) => cellar(['targets', ...args], { cwd: folder });

describe('cellar targets', () => {
  it('lists each limit with its conditions and where it comes from', () => {
    const { status, stdout } = run();
    expect(status).toBe(0);
    const line = stdout.split('\n').find((one) => one.startsWith('anode-efficiency'));
    expect(line).toMatch(/coulombic_efficiency\s+> 99\.5 %\s+required_cycles 500\s+R&D fund target table/);
  });

  it('writes a copy to edit that says what each key means, and never over a file', () => {
    expect(run('init').status).toBe(0);
    const copy = readFileSync(join(folder, 'targets.toml'), 'utf8');
    for (const key of [
      'id',
      'category',
      'metric',
      'comparison',
      'threshold',
      'unit',
      'conditions',
      'source',
    ]) {
      expect(copy).toMatch(new RegExp(`^# +${key} +\\S`, 'm'));
    }
    expect(run('validate', 'targets.toml').stdout).toContain('9 targets, table my-targets: in order');
    const { name: _name, ...copied } = JSON.parse(run('targets.toml', '--json').stdout);
    const { name: _other, ...shipped } = JSON.parse(run('--json').stdout);
    expect(copied).toEqual(shipped);
    const again = run('init');
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('targets.toml is there already');
    expect(readFileSync(join(folder, 'targets.toml'), 'utf8')).toBe(copy);
  });

  it('names file, line and key of everything that is wrong', () => {
    const good = readFileSync(join(folder, 'targets.toml'), 'utf8');
    const bad = good
      .replace('unit = "ohm cm2"', 'unit = "ohm"')
      .replace('required_cycles = 500', 'required_cycles = "many"');
    writeFileSync(join(folder, 'bad.toml'), bad);
    const lineOf = (text: string) => bad.split('\n').findIndex((line) => line.includes(text)) + 1;
    const { status, stderr } = run('validate', 'bad.toml');
    expect(status).toBe(2);
    expect(stderr).toContain(
      `bad.toml, line ${lineOf('"ohm"')}, targets[3] (oxide-interface).unit: "ohm" is not a unit of interfacial_asr`,
    );
    expect(stderr).toContain(`bad.toml, line ${lineOf('"many"')}, targets[7] (anode-efficiency).conditions`);
  });

  it('says where a file is no TOML, and that a file is not there', () => {
    writeFileSync(join(folder, 'broken.toml'), 'name = "x"\n[[targets]]\nid = \n');
    expect(run('validate', 'broken.toml')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/broken\.toml: .*\n[\s\S]*3: +id =/),
    });
    expect(run('validate', 'absent.toml').stderr).toContain('there is no target file absent.toml');
    expect(existsSync(join(folder, 'absent.toml'))).toBe(false);
  });
});
