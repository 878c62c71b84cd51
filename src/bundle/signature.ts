/** Signatures of a manifest with `ssh-keygen -Y`: anybody with an SSH key can sign, anybody with OpenSSH can check. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usageError } from '../errors.js';

/** A signature is valid only for this use. */
const NAMESPACE = 'cellar-bundle';

/** Where the signature lies in a bundle. */
export const signatureMember = 'manifest.json.sig';

/** What is known about the signature of a bundle. `unchecked`: there is one, but this machine cannot check it. */
export interface Signature {
  state: 'none' | 'unchecked' | 'intact' | 'trusted' | 'bad';
  /** The same as a sentence. */
  text: string;
}

interface KeygenRun {
  code: number | null;
  out: string;
  error: string;
}

/** Runs ssh-keygen with a text as its input; null where the machine has none. */
function sshKeygen(args: readonly string[], input: string): Promise<KeygenRun | null> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh-keygen', args, { windowsHide: true, stdio: ['pipe', 'pipe', 'pipe'] });
    let [out, error] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      error += text;
    });
    child.on('error', (failure: NodeJS.ErrnoException) =>
      failure.code === 'ENOENT' ? resolve(null) : reject(failure),
    );
    child.on('close', (code) => resolve({ code, out, error }));
    // A program that refuses its input does not read to the end.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/**
 * The signature of a text, as ssh-keygen writes it. ssh-keygen itself asks for a passphrase, or takes it from an
 * agent.
 *
 * @param key file of a private key, or of the public one whose private key an agent holds
 * @throws CellarError (usage) where there is no ssh-keygen, or it refuses the key
 */
export async function signText(text: string, key: string): Promise<string> {
  const ran = await sshKeygen(['-Y', 'sign', '-q', '-f', key, '-n', NAMESPACE], text);
  if (ran === null) {
    throw usageError('ssh-keygen is not on this machine, so nothing can be signed', 'leave --sign out');
  }
  if (ran.code !== 0 || !ran.out.includes('BEGIN SSH SIGNATURE')) {
    throw usageError(`${key} cannot sign: ${ran.error.trim().split('\n').at(-1)}`, 'name a key of SSH');
  }
  return ran.out;
}

const firstLine = (text: string) => text.trim().split(/\r?\n/)[0] ?? '';

/**
 * Whether a signature belongs to this text, and who made it.
 *
 * @param signature null: the bundle has none
 * @param signers file of allowed signers (`ssh-keygen(1)`); without it only the key can be named, not its owner
 */
export async function checkSignature(
  text: string,
  signature: string | null,
  signers: string | undefined,
): Promise<Signature> {
  if (signature === null)
    return { state: 'none', text: 'Not signed: ask whoever made the bundle for this number.' };
  const folder = await mkdtemp(join(tmpdir(), 'cellar-signature-'));
  const file = join(folder, signatureMember);
  try {
    await writeFile(file, signature);
    const intact = await sshKeygen(['-Y', 'check-novalidate', '-n', NAMESPACE, '-s', file], text);
    if (intact === null) {
      return { state: 'unchecked', text: 'Signed, but not checked: ssh-keygen is not on this machine.' };
    }
    if (intact.code !== 0) return { state: 'bad', text: 'The signature is not one of this manifest.' };
    const key = / key (\S+)/.exec(intact.out)?.[1] ?? 'unknown';
    if (signers === undefined) {
      return { state: 'intact', text: `Signed with the key ${key}; --signers FILE tells whose key it is.` };
    }
    const found = await sshKeygen(['-Y', 'find-principals', '-s', file, '-f', signers], text);
    const who = firstLine(found?.out ?? '');
    const args = ['-Y', 'verify', '-f', signers, '-I', who, '-n', NAMESPACE, '-s', file];
    const ran = who === '' ? null : await sshKeygen(args, text);
    return ran?.code === 0
      ? { state: 'trusted', text: `Signed by ${who} with the key ${key}.` }
      : { state: 'bad', text: `Signed with the key ${key}, which ${signers} does not allow.` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
