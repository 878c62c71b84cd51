#!/usr/bin/env node
// Cellar's own handling of failures is among what is loaded here.
import('../dist/cli/main.js').catch((error) => {
  if (error?.code !== 'EMFILE' && error?.code !== 'ENFILE') throw error;
  process.stderr.write(
    `cellar: too few files may be open at once to start (${error.code})\nRaise the limit, for example with \`ulimit -n 1024\`; nothing was changed.\n`,
  );
  process.exit(74);
});
