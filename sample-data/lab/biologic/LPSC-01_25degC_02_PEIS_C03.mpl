EC-Lab LOG FILE

Potentio Electrochemical Impedance Spectroscopy

Run on channel : 3 (SN 15265)
Saved on :
	File : LPSC-01_25degC_02_PEIS_C03.mpl
2026-01-12 13:10:00 start of technique
2026-01-12 13:11:14 end of technique
