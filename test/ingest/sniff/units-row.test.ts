import { describe, expect, it } from 'vitest';
import { isUnitsRow, withUnits } from '../../../src/ingest/sniff/units-row.js';

/** The row below a header names units, or it is the first record: what it is taken for decides whether a record is lost. */
describe('rows of units', () => {
  it.each([
    '[],[],[ss.xxx],[ss.xxx],[],[V],[A],[Ah],[AhPrev],[Wh],[Watt],[T1]',
    '[hh:mm:ss],[mV],[mA],[T_Batt2]',
    's,V,A,mAh/cm2,mAh/g',
    '#,s,Hz,ohm,ohm,°',
    'm/d/yyyy,hh:mm:ss.xxx,V,A,%',
    'TT.MM.JJJJ hh:mm:ss,h,V,A',
    ',,s,V,A,T1',
    'sec,volt,amp,degC,1/ohm',
  ])('%s is one', (row) => expect(isUnitsRow(row.split(','))).toBe(true));

  it.each([
    '1,PAU,0,0,3,0',
    'C,3.7,0.1',
    '00:00:00,V,A',
    '2024-05-14,s,V',
    '[1],[2],[3]',
    'Rest,Charge',
    '',
    ',,',
  ])('%s is none', (row) => expect(isUnitsRow(row.split(','))).toBe(false));

  it('puts a unit behind a name that has none, and no sensor', () => {
    expect(
      withUnits(['U', 'Strom (A)', 'LogTemp', 'Prog Time'], ['[V]', '[mA]', '[T1]', '[ss.xxx]']),
    ).toEqual(['U [V]', 'Strom (A)', 'LogTemp', 'Prog Time [ss.xxx]']);
  });
});
