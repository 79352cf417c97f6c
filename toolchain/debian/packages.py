"""Fetches packages of Debian for armhf through an apt folder of our own: nothing of the system is changed, and no
root is needed. The packages come from the mirrors that apt is configured with.

What fetches says on its lines who it is, as "linux": that is `speaker`.
"""

import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


VERSIONS = "versions.txt"


class Refusal(Exception):
    pass


def output(*command, failing=False):
    """What the command prints. With `failing` it may fail, and its errors are part of it."""
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT if failing else subprocess.PIPE,
                         stdin=subprocess.DEVNULL, text=True, errors="replace", env={**os.environ, "LC_ALL": "C"})
    if ran.returncode and not failing:
        reasons = ran.stderr.strip().splitlines() or [f"status {ran.returncode}"]
        raise Refusal(f"{pathlib.Path(command[0]).name} failed: {reasons[-1]}")
    return ran.stdout


def require(programs, how):
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        raise Refusal(f"not found: {', '.join(missing)}; {how}")


def sources():
    """The lines of our sources.list: Debian's own suites of those that the machine has."""
    found = []
    for line in output("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
                       "Created-By: Packages").splitlines():
        uri, release, component = (line.split() + [""] * 3)[:3]
        if component != "main" or not re.search(r"/debian(-security)?/", uri) or \
                re.search("backports|proposed|experimental", release):
            continue
        keys = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
        signed = f" signed-by={keys}" if keys.exists() else ""
        entry = f"deb [arch=armhf target=Packages{signed}] {uri} {release} main"
        if entry not in found:
            found.append(entry)
    if not found:
        raise Refusal("apt is configured with no mirror of Debian (/etc/apt/sources.list and sources.list.d/)")
    return found


def make_apt(folder):
    """The configuration of an apt that has its state below `folder` and reads nothing of the system's but how
    the network is reached."""
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    (folder / "status").touch()
    (folder / "sources.list").write_text("\n".join(sources()) + "\n")
    configuration = folder / "apt.conf"
    configuration.write_text(f"""\
#clear APT::Architectures;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Architecture "armhf";
APT::Architectures {{ "armhf"; }};
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Dir::State "{folder}";
Dir::State::status "{folder}/status";
Dir::State::lists "{folder}/lists";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
""")
    return str(configuration)


def first_error(text):
    """The first complaint of apt, without its letter."""
    for line in text.splitlines():
        if line.startswith(("E: ", "W: ")):
            return line[3:].strip()
    return ""


class Apt:
    """Debian's list of packages, fetched anew into `folder`."""

    def __init__(self, folder, speaker):
        self.speaker = speaker
        self.configuration = make_apt(folder)
        print(f"{speaker}: fetching Debian's list of packages for armhf", flush=True)
        # An index that cannot be fetched is no reason to stop: the packages may be in another.
        self.complaint = first_error(output("apt-get", "-c", self.configuration, "-q", "update", failing=True))

    def depends(self, package):
        """The line of the package's dependencies; refuses where the list has no such package."""
        shown = output("apt-cache", "-c", self.configuration, "show", "--no-all-versions", package, failing=True)
        if not re.search(r"^Package: ", shown, re.MULTILINE):
            if self.complaint:
                raise Refusal(f"the list of packages cannot be fetched (is there a network?): {self.complaint}")
            raise Refusal(f"package not found: {package}")
        if self.complaint:
            print(f"{self.speaker}: going on without one list, so versions may be older: {self.complaint}", flush=True)
        found = re.search(r"^Depends:.*", shown, re.MULTILINE)
        return found[0] if found else ""

    def download(self, package, folder):
        print(f"{self.speaker}: fetching {package}", flush=True)
        got = subprocess.run(("apt-get", "-c", self.configuration, "-q", "download", package), cwd=folder, text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             errors="replace", env={**os.environ, "LC_ALL": "C"})
        if got.returncode:
            missing = "Unable to locate" in got.stdout or "No candidate" in got.stdout
            raise Refusal(f"package not found: {package}" if missing else
                          f"{package} cannot be fetched (is there a network?): {first_error(got.stdout)}")


def versions(debs):
    """A line for each package: its name and version."""
    return "".join(output("dpkg-deb", "-W", "--showformat=${Package} ${Version}\n", deb) for deb in debs)


def make_files(folder, speaker, package, taken):
    """Fetches one package into `packages/` of the folder, unless it is there, and makes files of what is in it: their
    bytes, by name, are what taken(root, packages) returns. Then versions.txt."""
    require(("apt-get", "apt-cache", "dpkg-deb"), "this is not Debian, and the package is Debian's")
    # On the same file system, so that what is complete can be moved in one step.
    with tempfile.TemporaryDirectory(prefix="unfinished-", dir=folder) as name:
        work = pathlib.Path(name)
        packages = folder / "packages"
        if not packages.is_dir():
            apt = Apt(work / "apt", speaker)
            apt.depends(package)
            (work / "packages").mkdir()
            apt.download(package, work / "packages")
            os.rename(work / "packages", packages)
        debs = sorted(packages.glob("*.deb"))
        for deb in debs:
            output("dpkg-deb", "-x", deb, work / "root")
        made = taken(work / "root", packages)
        for file, data in made.items():
            (work / file).write_bytes(data)
        (work / VERSIONS).write_text(versions(debs))
        # What is half new must not look complete: versions.txt goes first and comes last.
        (folder / VERSIONS).unlink(missing_ok=True)
        for file in (*made, VERSIONS):
            os.replace(work / file, folder / file)


def fetch(arguments, manual, default, speaker, package, names, taken, what):
    """What a script does that fetches one package: `names` are the files that make_files() makes there."""
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        sys.exit(manual)
    folder = pathlib.Path(arguments[0] if arguments else default).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    # One at a time: others wait, and then find what they want.
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = all((folder / name).is_file() for name in (*names, VERSIONS))
        if not there:
            make_files(folder, speaker, package, taken)
        version = (folder / VERSIONS).read_text().split()[1]
    print(f"{speaker}: {folder} {'has' if there else 'now has'} {what} {version}")


def run(speaker, main, arguments):
    """Calls main(arguments), and ends with one line where it cannot do its work."""
    try:
        main(arguments)
    except (Refusal, OSError) as why:
        sys.exit(f"{speaker}: {why}")
    except KeyboardInterrupt:
        sys.exit(f"{speaker}: interrupted; nothing was made")
