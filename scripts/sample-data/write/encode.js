/** @typedef {'utf-8' | 'utf-8-bom' | 'utf-16le-bom' | 'latin-1' | 'gbk'} Encoding */

/** Bytes of a text as an instrument's computer stores it. @param {string} text @param {Encoding} [encoding] */
export function encode(text, encoding = 'utf-8') {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text, 'utf8');
    case 'utf-8-bom':
      return Buffer.from(`\uFEFF${text}`, 'utf8');
    case 'utf-16le-bom':
      return Buffer.from(`\uFEFF${text}`, 'utf16le');
    case 'latin-1':
      return Buffer.from(text, 'latin1');
    case 'gbk':
      return encodeGbk(text);
  }
}

/** Node decodes GBK but does not encode it, so the table is turned round. @param {string} text */
function encodeGbk(text) {
  const table = gbkTable();
  return Buffer.concat(
    [...text].map((character) => {
      if (character.charCodeAt(0) < 128) return Buffer.from(character, 'latin1');
      const bytes = table.get(character);
      if (!bytes) throw new Error(`GBK has no "${character}"`);
      return bytes;
    }),
  );
}

function gbkTable() {
  const decoder = new TextDecoder('gbk');
  /** @type {Map<string, Buffer>} */
  const table = new Map();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const bytes = Buffer.from([lead, trail]);
      const decoded = decoder.decode(bytes);
      if (decoded.length === 1 && !table.has(decoded)) table.set(decoded, bytes);
    }
  }
  return table;
}
