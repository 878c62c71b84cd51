"""Reads an export with another program and sums its cycles up: python bench-ingest-peers.py PROGRAM FILE

Leaves with 3 where the program is not installed. Run by `npm run bench:ingest -- --peers PYTHON`.
"""

import os
import sys
import tempfile


def with_ionworksdata(path):
    import ionworksdata
    import polars

    columns = {
        "Test_Time": "Time [s]",
        "Current": "Current [A]",
        "Voltage": "Voltage [V]",
        "Cycle_Index": "Cycle from cycler",
        "Step_Index": "Step from cycler",
    }
    records = ionworksdata.read.time_series(path, reader="csv", extra_column_mappings=columns)
    capacities = [polars.col(f"{way} capacity [A.h]").max() for way in ("Charge", "Discharge")]
    return len(records), records.group_by("Cycle count").agg(capacities)


def with_pyprobe(path):
    import polars
    import pyprobe
    from pyprobe.cyclers.column_maps import CastAndRenameMap

    columns = {
        "Time [s]": "Test_Time",
        "Step": "Step_Index",
        "Cycle": "Cycle_Index",
        "Current [A]": "Current",
        "Voltage [V]": "Voltage",
        "Capacity [Ah]": "Charge_Capacity",
    }
    whole = ("Step", "Cycle")
    maps = [
        CastAndRenameMap(name, own, polars.Int64 if name in whole else polars.Float64) for name, own in columns.items()
    ]
    cell = pyprobe.Cell(info={"Name": "cell"})
    with tempfile.TemporaryDirectory() as folder:
        stored = os.path.join(folder, "cell.parquet")
        cell.import_from_cycler("all", "generic", path, output_data_path=stored, column_importers=maps)
        records = cell.procedure["all"].data
        capacity = polars.col("Capacity [Ah]")
        return len(records), records.group_by("Cycle").agg(capacity.max() - capacity.min())


programs = {"ionworksdata": with_ionworksdata, "PyProBE": with_pyprobe}

try:
    count, cycles = programs[sys.argv[1]](sys.argv[2])
except ModuleNotFoundError:
    sys.exit(3)
print(count, len(cycles))
