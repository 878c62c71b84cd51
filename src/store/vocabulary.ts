/** Words that the laboratory's metadata, the tables and target files share. */

/** Kinds of materials; a target is for one of them. */
export const categories = [
  'sulfide_electrolyte',
  'oxide_electrolyte',
  'li_rich_cathode',
  'li_metal_anode',
  'current_collector',
  'cell',
] as const;
