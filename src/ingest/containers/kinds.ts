/** A kind of instruments' own files: its vendor, its versions, and what the reading was compared with. */
export interface OwnFile {
  /** Extension of the files; they are recognised by their content. */
  file: string;
  vendor: string;
  title: string;
  /** Versions of which recorded files were read. */
  versions: string;
  /** Versions that are read only by their description. */
  described?: string;
  /** What the values were found equal to. */
  checkedAgainst: string;
}

/** All kinds that are read directly; the formats describe the content of their tables. */
export const ownFiles: readonly OwnFile[] = [
  {
    file: '.mpr',
    vendor: 'BioLogic',
    title: 'EC-Lab 10.40 to 11.62, BT-Lab 1.79',
    versions: 'data modules 2, 3, 11',
    checkedAgainst: "EC-Lab's own text of the same tests",
  },
  {
    file: '.ndax',
    vendor: 'Neware',
    title: 'BTS 8 and others',
    versions: 'ndc 2, 5, 14, 16, 17',
    described: 'ndc 4, 8, 11, 12',
    checkedAgainst: "BTSDA's tables of the same tests",
  },
  {
    file: '.nda',
    vendor: 'Neware',
    title: 'BTS 5 to 9',
    versions: 'nda 8, 22, 23, 26, 29, 130',
    described: 'nda 5 to 7, 14, 16, 17, 20, 24, 28',
    checkedAgainst: "BTSDA's tables of the same tests",
  },
  {
    file: '.res',
    vendor: 'Arbin',
    title: 'MITS Pro: Access databases of Jet 4 and ACE',
    versions: 'Results File 5.23, 5.26, 20171213',
    checkedAgainst: 'mdbtools and access-parser: every value of three files',
  },
  {
    file: '.xlsx',
    vendor: 'Arbin, Neware, LANDT, own tables',
    title: 'workbooks; the sheet of records is found by its columns',
    versions: 'any',
    checkedAgainst: 'openpyxl: every cell of seven files',
  },
  {
    file: '.parquet',
    vendor: 'BDF, BTSDA, cellpy, PyProBE, own tables',
    title: 'tables; columns by their names',
    versions: 'any that DuckDB reads',
    checkedAgainst: 'the tests they were made from',
  },
];
