import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSignature, signText } from '../../src/bundle/signature.js';

const folder = mkdtempSync(join(tmpdir(), 'cellar-signature-test-'));
const key = join(folder, 'id_ed25519');
const signers = join(folder, 'allowed_signers');
const hasSshKeygen = spawnSync('ssh-keygen', ['-Y', 'nothing']).error === undefined;
if (!hasSshKeygen) console.warn('signatures are not tested: there is no ssh-keygen');

describe('a signature of a manifest', () => {
  let signature = '';
  beforeAll(async () => {
    if (!hasSshKeygen) return;
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]);
    writeFileSync(signers, `lab@example.org ${readFileSync(`${key}.pub`, 'utf8')}`);
    signature = await signText('the manifest', key);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is optional, and its absence is said', async () => {
    expect(await checkSignature('the manifest', null, undefined)).toMatchObject({ state: 'none' });
  });

  it.runIf(hasSshKeygen)('names the key, and with the allowed signers its owner', async () => {
    const known = await checkSignature('the manifest', signature, undefined);
    expect(known.state).toBe('intact');
    expect(known.text).toMatch(/SHA256:\S+/);
    const trusted = await checkSignature('the manifest', signature, signers);
    expect(trusted).toMatchObject({ state: 'trusted', text: expect.stringContaining('lab@example.org') });
  });

  it.runIf(hasSshKeygen)('is bad for another text, and for a key that nobody allows', async () => {
    expect((await checkSignature('the Manifest', signature, undefined)).state).toBe('bad');
    const others = join(folder, 'others');
    writeFileSync(others, '');
    expect((await checkSignature('the manifest', signature, others)).state).toBe('bad');
    await expect(signText('the manifest', join(folder, 'no-key'))).rejects.toThrow('cannot sign');
  });

  it('is said to be unchecked on a machine without ssh-keygen', async () => {
    const path = process.env.PATH;
    process.env.PATH = '';
    try {
      expect((await checkSignature('the manifest', 'a signature', undefined)).state).toBe('unchecked');
      await expect(signText('the manifest', key)).rejects.toThrow('ssh-keygen is not on this machine');
    } finally {
      process.env.PATH = path;
    }
  });
});
