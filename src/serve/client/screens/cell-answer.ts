/** The answer of `/api/cells/ID`. */
export interface CellAnswer {
  cell: Record<string, string | number | null> & {
    cell_id: string;
    excluded_reason: string | null;
    state: string | null;
  };
  tests: {
    test_id: number;
    vendor: string | null;
    channel: string | null;
    started_at: string | null;
    record_count: number;
    duration_second: number | null;
    path: string | null;
    file_id: number | null;
  }[];
  spectra: {
    spectrum_id: number;
    temperature_celsius: number | null;
    branch: string | null;
    state_of_charge: number | null;
    measured_at: string | null;
    after_cell_cycle: number | null;
    path: string | null;
    file_id: number | null;
    kramers_kronig: string | null;
  }[];
  findings: {
    code: string;
    severity: string;
    message: string;
    line_number: number | null;
    path: string;
    file_id: number;
  }[];
  verdicts: { material_id: string; target_id: string; verdict: string; title: string | null }[];
  has: { cycles: number; rates: number; conductivities: number; spectra: number; tests: number };
}
