import type { CellType } from '../../../analysis/coulombic-efficiency/index.js';
import type { ImpedanceFit } from '../../../analysis/impedance/index.js';
import type { FitResult } from '../../../analysis/result.js';
import type { Verdict } from '../../../analysis/verdict/index.js';
import type { Session } from '../../support/session.js';

/** Options of `cellar fit`, as commander gives them. */
export interface FitCommandOptions {
  circuit?: string;
  weighting: 'modulus' | 'unit';
  alternatives: boolean;
  spectrum: number;
  cellType: CellType;
  geometryUncertainty?: number;
  temperatureHalfWidth?: number;
  temperatureAtSample?: boolean;
  instrumentHalfWidth?: number;
  requiredCycles?: number;
  threshold?: number;
  capacityWander?: number;
  minHertz?: number;
  maxHertz?: number;
  exclude?: number[];
  leadOhm?: number;
  thicknessUm?: number;
  diameterMm?: number;
  /** `FILE=25`, in °C. */
  temperature?: string[];
  output?: string;
  /** Folder of the laboratory's own formats, and the format as which an export is to be read. */
  lab?: string;
  format?: string;
}

/** What a fit of a plain file gives; the verdict where a threshold was given and the kind has one. */
export interface CommandResult extends FitResult {
  circuit?: string;
  verdict?: Verdict | string;
  /** The same with what was left out of a spectrum. */
  with_excluded?: ImpedanceFit['with_excluded'];
}

/** A kind of `cellar fit`, declared once. What it needs is imported when it runs, so that `--help` starts fast. */
export type PlainFit = {
  /** Its name on the command line. */
  kind: string;
  /** The columns of its file. */
  columns: string;
  examples: readonly string[];
} & (
  | {
      /** One fit of a plain file; fields beyond the common ones are part of the JSON. */
      fit: (path: string, options: FitCommandOptions) => Promise<CommandResult>;
    }
  | {
      /** A kind that takes several files, and prints its answer itself. */
      run: (
        session: Session,
        options: FitCommandOptions & { json?: boolean },
        files: readonly string[],
      ) => Promise<void>;
    }
);
