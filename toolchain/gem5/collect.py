"""Makes one small file of the results of a sweep: for each setting its parameters, and for each row what a load takes."""

import json

from settings import BYTES, PAPER, ROWS, SETTINGS

RESULTS = "results.json"


def results_in(folder):
    """What the tool has left in a folder, or nothing."""
    try:
        return json.loads((folder / RESULTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def parameters_of(results):
    """The parameters of the machine, as the run has recorded them."""
    return results.get("host", {}).get("gem5", {}).get("parameters", {})


def defaults_in(folder):
    """The default of each parameter that any run in the folder tells: all but those that its setting names."""
    defaults = {}
    for setting in SETTINGS:
        for run in setting.runs:
            results = results_in(folder / run.name)
            if results is not None:
                named = setting.parameters
                defaults.update({name: value for name, value in parameters_of(results).items() if name not in named})
    return defaults


def same_as_default(folder, setting):
    """Whether the setting asks for nothing but what the default machine has, as far as that is known."""
    defaults = defaults_in(folder)
    return setting.name != "default" and all(
        str(defaults.get(name)) == str(value) for name, value in setting.parameters.items())


def measured(results):
    """Cycles of a load, by row."""
    found = {}
    for result in results["results"]:
        for row in ROWS:
            if row.is_of(result):
                found[row.name] = result["mean"]
    return found


def with_ratios(rows):
    """The same rows, each with how many times its native one it takes."""
    for row in ROWS:
        if row.name in rows and row.native in rows:
            rows[row.name]["ratio"] = round(rows[row.name]["cycles"] / rows[row.native]["cycles"], 4)
    return rows


def setting_from(folder, setting):
    """What is kept of a setting, or nothing if it was not run."""
    place = "default" if same_as_default(folder, setting) else setting.name
    rows = {}
    parameters = {}
    for run in setting.runs:
        results = results_in(folder / run.name.replace(setting.name, place, 1))
        if results is None:
            continue
        parameters = parameters_of(results)
        for name, cycles in measured(results).items():
            if name in run.rows:
                rows[name] = {"cycles": round(cycles, 3), "ns": round(cycles * 1e9 / results["ticks_hz"], 2)}
    if not rows:
        return None
    return {"name": setting.name, "asks": setting.asks, "changes": setting.parameters, "parameters": parameters,
            "rows": with_ratios(rows)}


def images_in(folder):
    """The images that were measured, by the CRC-32 of their guest."""
    found = []
    for setting in SETTINGS:
        for run in setting.runs:
            results = results_in(folder / run.name)
            if results is not None and results["guest_crc32"] not in found:
                found.append(results["guest_crc32"])
    return found


def first_results(folder):
    for setting in SETTINGS:
        for run in setting.runs:
            results = results_in(folder / run.name)
            if results is not None:
                return results
    return None


def written(sweep):
    """The file's text: a line for each setting, so that a diff shows which one has changed."""
    head = {name: value for name, value in sweep.items() if name != "settings"}
    settings = ",\n".join(json.dumps(setting, separators=(",", ":")) for setting in sweep["settings"])
    return json.dumps(head, separators=(",", ":"))[:-1] + ',"settings":[\n' + settings + "\n]}\n"


def collect(folder, out, tool):
    """Writes the file; why not, if it cannot."""
    from predicted import add_predictions
    first = first_results(folder)
    if first is None:
        return f'"{folder}" has no results of any setting'
    defaults = defaults_in(folder)
    settings = [kept for kept in (setting_from(folder, setting) for setting in SETTINGS) if kept]
    why = add_predictions(settings, tool)
    if why:
        return why
    for setting in settings:
        setting["parameters"] = {
            name: value for name, value in setting["parameters"].items() if value != defaults.get(name)}
    gem5 = first["host"]["gem5"]
    sweep = {"gem5": gem5.get("version", ""), "hypmeter": first["version"], "images": images_in(folder),
             "machine": first["machine"], "bytes": BYTES, "paper": PAPER, "defaults": defaults, "settings": settings}
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(written(sweep), encoding="utf-8")
    names = [setting.name for setting in SETTINGS]
    absent = [name for name in names if name not in {setting["name"] for setting in settings}]
    print(f"{out}: {len(settings)} of {len(names)} settings" + (f"; not run: {', '.join(absent)}" if absent else ""))
    return ""
