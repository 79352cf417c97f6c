#!/usr/bin/env python3
"""Draws the figures of docs/time.md from results in reference/gem5/, by gnuplot.

    docs/time_figures.py                  writes docs/time_ratio.svg, docs/time_figure2.svg, docs/time_predicted.svg
    docs/time_figures.py --check          only says which of them differ; exit status 1 if any does
    docs/time_figures.py --check --data   only compares the paths that are drawn: versions of gnuplot differ in the rest
    docs/time_figures.py --only time_figure2.svg    these figures, from the results that they need
    docs/time_figures.py --from A --to B  other folders
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # the folder holds sources
TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(TOP / "toolchain"))

from results_file import end, fail, read

SWEEP, TIME = "sweep.json", "time.json"
HEAD = "set terminal svg size 1000,{height} background 'white' noenhanced\nset output {file}\n"
# The order of gnuplot's own colours, which the tool's plots have too.
NATIVE, STAGE2, NESTED, LARGE, GREY = 1, 2, 3, 4, "'#777777'"


def quoted(text):
    """As gnuplot takes it literally."""
    return "'" + str(text).replace("'", "''") + "'"


def block(name, lines):
    return f"${name} << EOD\n" + "".join(line + "\n" for line in lines) + "EOD\n"


def machine_of(sweep):
    return f"gem5 {sweep['gem5']}, ex5_big-like; hypmeter {sweep['hypmeter']}"


def ratio_figure(sweep):
    """How many times as long a load takes in a VM, for each setting."""
    series = [("random", "random reads, one per page", 7), ("sequential", "reads page by page", 6),
              ("lines", "reads line by line, 16 lines a page", 4)]
    settings = sorted((setting for setting in sweep["settings"] if "ratio" in setting["rows"].get("random-nested", {})),
                      key=lambda setting: setting["rows"]["random-nested"]["ratio"])
    data = ""
    plots = []
    labels = ", ".join(f"{quoted(setting['name'])} {y}" for y, setting in enumerate(settings))
    ratios = [sweep["paper"]["random"]["nested"] / sweep["paper"]["random"]["native"]]
    for number, (name, title, point) in enumerate(series):
        points = [(setting["rows"][f"{name}-nested"]["ratio"], y) for y, setting in enumerate(settings)
                  if "ratio" in setting["rows"].get(f"{name}-nested", {})]
        if points:
            data += block(name, [f"{x} {y}" for x, y in points])
            ratios += [x for x, _ in points]
            plots.append(f"${name} using 1:2 with points pointtype {point} pointsize 1 linecolor {number + 1} "
                         f"title {quoted(title)}")
    paper = {name: sweep["paper"][name]["nested"] / sweep["paper"][name]["native"] for name in ("random", "sequential")}
    arrows = "".join(f"set arrow from {value},-1 to {value},{len(settings)} nohead dashtype 2 linewidth 2 "
                     f"linecolor rgb {GREY}\n" for value in paper.values())
    arrows += "".join(f"set label {quoted(f'paper: {value:.{digits}f}')} at {value},{len(settings) - 0.4} "
                      f"{side} offset {shift},0 textcolor rgb {GREY}\n"
                      for value, digits, side, shift in ((paper["random"], 2, "right", -0.5),
                                                         (paper["sequential"], 3, "left", 0.5)))
    script = (HEAD.format(height=140 + 22 * len(settings), file=quoted("time_ratio.svg"))
              + f"set title {quoted('Time of a read in a VM compared with natively, 4 KB pages in both stages')}"
              f".\"\\n\".{quoted(machine_of(sweep))}\n"
              + "set xlabel 'times as long as natively'\nset grid\nset key bottom right opaque box\n"
              + f"set xrange [{min(ratios + [1]) - 0.1:.2f}:{max(ratios) + 0.15:.2f}]\nset yrange [-1:{len(settings)}]\nset ytics ({labels})\n"
              + arrows + data + "plot " + ", ".join(plots) + "\n")
    return script


def chase_points(results, regime, stage1, stage2):
    """Size in MB and nanoseconds of each page-random chase of results.json in such tables."""
    points = []
    for row in results["results"]:
        params = row["params"]
        if (row["workload"] == "chase" and row["layer"] == "load" and row["regime"] == regime
                and params["order"] == "page-random" and params["tlb"] == "warm" and params["stage1"] == stage1
                and params.get("placement", "contiguous") == "contiguous"
                and (regime == "native" or row.get("stage2", "4K") == stage2)):
            points.append((params["bytes"] / (1 << 20), row["mean"] * 1e9 / results["ticks_hz"]))
    return sorted(points)


def figure2(results):
    """Figure 2 in time: what each stage adds, by size."""
    lines = [("natively (A)", NATIVE, chase_points(results, "native", "lpae-4K", "off")),
             ("stage 2 (C)", STAGE2, chase_points(results, "stage2", "off", "4K")),
             ("both stages, 4 KB (B)+(C)", NESTED, chase_points(results, "nested", "lpae-4K", "4K")),
             ("both stages, 2 MB", LARGE, chase_points(results, "nested", "lpae-2M", "2M"))]
    lines = [line for line in lines if line[2]]
    if not lines or "ticks_hz" not in results:
        fail(f"{TIME} has no page-random chase with a time")
    data = "".join(block(f"line{i}", [f"{x:g} {y:.2f}" for x, y in points])
                   for i, (_, _, points) in enumerate(lines))
    plots = ", ".join(f"$line{i} using 1:2 with linespoints pointtype 7 linewidth 2 linecolor {colour} "
                      f"title {quoted(title)}" for i, (title, colour, _) in enumerate(lines))
    sizes = sorted({x for _, _, points in lines for x, _ in points})
    tics = ", ".join(f"'{x:g}' {x:g}" for x in sizes)
    version = results["host"]["gem5"].get("version", "")
    return (HEAD.format(height=600, file=quoted("time_figure2.svg"))
            + f"set title {quoted('Figure 2 in time: random reads, one per page')}.\"\\n\"."
            f"{quoted('gem5 ' + version + ', ex5_big-like; hypmeter ' + results['version'])}\n"
            + "set xlabel 'size of the chase (MB, logarithmic)'\nset ylabel 'ns a load'\nset logscale x 2\n"
            + f"set xrange [{sizes[0] / 1.3:g}:{sizes[-1] * 1.3:g}]\nset yrange [0:*]\nset xtics ({tics})\nset grid\n"
            + "set key outside right top\n" + data + "plot " + plots + "\n")


def predicted_figure(sweep):
    """What was measured against what the model says, with the lines between which they agree within 15 %."""
    groups = [("natively", NATIVE, 7, lambda row: row.endswith("native")),
              ("only stage 2", STAGE2, 7, lambda row: row == "stage2-only"),
              ("both stages", NESTED, 7, lambda row: not row.endswith("native") and row != "stage2-only")]
    data = ""
    plots = []
    most = 0
    for i, (title, colour, point, wanted) in enumerate(groups):
        # The floors are what the latency of RAM was taken from: they would agree with themselves.
        points = [(row["predicted"]["ns"], row["ns"]) for setting in sweep["settings"]
                  for name, row in setting["rows"].items()
                  if "predicted" in row and name != "floor-native" and wanted(name)]
        if points:
            data += block(f"group{i}", [f"{x} {y}" for x, y in points])
            plots.append(f"$group{i} using 1:2 with points pointtype {point} pointsize 0.8 linecolor {colour} "
                         f"title {quoted(title)}")
            most = max(most, *(value for pair in points for value in pair))
    if not plots:
        fail(f"{SWEEP} has no row with a prediction")
    plots += [f"x with lines linecolor rgb {GREY} title 'equal'",
              f"1.15*x with lines dashtype 2 linecolor rgb {GREY} title '15 % apart'",
              f"x/1.15 with lines dashtype 2 linecolor rgb {GREY} notitle"]
    return (HEAD.format(height=760, file=quoted("time_predicted.svg"))
            + f"set title {quoted('Measured under gem5, and predicted by hypmeter predict')}.\"\\n\"."
            f"{quoted(machine_of(sweep))}\n"
            + "set xlabel 'predicted (ns a load)'\nset ylabel 'measured (ns a load)'\nset grid\n"
            + f"set xrange [0:{most * 1.05:.0f}]\nset yrange [0:{most * 1.05:.0f}]\nset size ratio 1\n"
            + "set key outside right top\n" + data + "plot " + ", ".join(plots) + "\n")


FIGURES = (("time_ratio.svg", SWEEP, ratio_figure), ("time_figure2.svg", TIME, figure2),
           ("time_predicted.svg", SWEEP, predicted_figure))


def draw(folder, scripts):
    program = shutil.which("gnuplot")
    if program is None:
        fail("no program gnuplot (Debian's package is gnuplot-nox)")
    for name, script in scripts.items():
        done = subprocess.run([program], cwd=folder, input=script, text=True, capture_output=True, check=False)
        if done.returncode != 0 or not (folder / name).is_file():
            fail(f"gnuplot failed at {name}: {done.stderr.strip().splitlines()[0] if done.stderr else 'no word'}")


def drawn_in(text, only_data):
    """What of a picture is compared: all, or only its paths, points and words."""
    return re.findall(r"<path[^>]* d='([^']*)'|<use ([^>]*)/>|>([^<>]+)</tspan>", text) if only_data else text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--data", action="store_true")
    parser.add_argument("--only", nargs="+", choices=[name for name, _, _ in FIGURES])
    parser.add_argument("--from", dest="source", default=str(TOP / "reference/gem5"))
    parser.add_argument("--to", default=str(TOP / "docs"))
    options = parser.parse_args()
    source = pathlib.Path(options.source)
    figures = [row for row in FIGURES if not options.only or row[0] in options.only]
    files = {name: read(source / name) for name in dict.fromkeys(of for _, of, _ in figures)}
    try:
        scripts = {name: figure(files[of]) for name, of, figure in figures}
    except (KeyError, TypeError) as missing:
        fail(f'a file in "{source}" has not what a figure needs: {missing}')
    with tempfile.TemporaryDirectory() as drawn:
        draw(pathlib.Path(drawn), scripts)
        different = []
        for name in scripts:
            new = (pathlib.Path(drawn) / name).read_text(encoding="utf-8")
            old = pathlib.Path(options.to) / name
            was = old.read_text(encoding="utf-8") if old.is_file() else ""
            if drawn_in(was, options.data) != drawn_in(new, options.data):
                different.append(name)
                if not options.check:
                    old.write_text(new, encoding="utf-8")
    end(different, len(scripts), "figures", "" if options.check else "drawn")


if __name__ == "__main__":
    main()
