#include "host/cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <optional>
#include <type_traits>

#include "host/base/files.hpp"
#include "host/base/text.hpp"
#include "host/cli/catalogue.hpp"
#include "host/machine/qemu.hpp"
#include "host/machine/serial_line.hpp"
#include "host/model/model_file.hpp"
#include "measure/workload/table.hpp"

namespace hm::host {
namespace {

using measure::Key;
using measure::Suite;

constexpr std::size_t kUsageWidth = 80;
/// For suites and clocks that take long.
constexpr std::chrono::seconds kLongLimit{900};
constexpr int kLongestLimit = 7 * 24 * 3600;

const std::map<std::string, ClockSource> kClocks{{"instructions", ClockSource::kInstructions},
                                                 {"wall", ClockSource::kWall}};

const std::map<std::string, LoadWay> kLoadWays{
    {"sd", LoadWay::kCard}, {"loady", LoadWay::kYmodem}, {"tftp", LoadWay::kTftp}};

/// The names of rows, or of pointers to rows, of a table.
template <class Rows>
std::string names_of(const Rows& rows) {
    std::string names;
    for (const auto& row : rows) {
        names += names.empty() ? "" : ", ";
        if constexpr (std::is_pointer_v<std::remove_cvref_t<decltype(row)>>) {
            names += row->name;
        } else {
            names += row.name;
        }
    }
    return names;
}

/// "qemu; gem5:PATH, a gem5 that you have; .."
std::string machines_help() {
    std::string text;
    for (const MachineKind* const kind : machines()) {
        text += fmt::format("{}{}{}{}", text.empty() ? "" : "; ", kind->form,
                            kind->meaning.empty() ? "" : ", ", kind->meaning);
    }
    return text;
}

/// The words of a command line, as CLI11 hands them over.
struct Words {
    std::string board = "virt";
    std::string machine = "qemu";
    std::string entry;
    std::string suite = "quick";
    std::string clock = "instructions";
    std::vector<std::string> only;
    std::vector<std::string> set;
    std::string out = "results";
    std::string image_out;
    std::string qemu = "qemu-system-arm";
    std::string image;
    std::string golden;
    unsigned speed = 115200;
    std::string load;
    std::string card;
    std::string tftp_server;
    std::string prompt;
    bool resume = false;
    std::optional<int> time_limit;
    std::string folder;
    std::string format = "text";
    std::string model;
    bool all = false;
    bool parameters = false;
    std::vector<std::string> orders{"page-random", "thrash", "sequential"};
    std::vector<std::string> bytes{"8M", "256M"};
};

/// Options of a board at a serial port, for `run` and `flash`.
void add_serial(CLI::App& app, Words& words, const char* ways) {
    app.add_option("--speed", words.speed, "serial: bits per second (default 115200)");
    app.add_option("--load", words.load, ways);
    app.add_option("--card", words.card,
                   "serial: the card's partition as U-Boot names it, as \"mmc 0:1\"");
    app.add_option("--tftp-server", words.tftp_server,
                   "serial: the TFTP server's address, if DHCP does not give it");
    app.add_option("--prompt", words.prompt, "serial: U-Boot's prompt, if it is not recognised");
}

CLI::App* add_run(CLI::App& app, Words& words) {
    CLI::App* run = app.add_subcommand("run", "Measure, print tables, keep the results");
    run->add_option("--board", words.board, names_of(boards()))->capture_default_str();
    run->add_option("--machine", words.machine, machines_help())->capture_default_str();
    run->add_option("--entry", words.entry,
                    "QEMU: hyp or secure, the state in which the image is entered (default: hyp; "
                    "vexpress: secure)");
    run->add_option("--suite", words.suite, names_of(measure::kSuites))->capture_default_str();
    run->add_option("--clock", words.clock,
                    "instructions (exact, with icount) or wall (QEMU's own time)")
        ->capture_default_str();
    run->add_option("--only", words.only, "Workloads to run, with commas between")->delimiter(',');
    run->add_option("--set", words.set, "KEY=VALUE ..; `hypmeter list` shows the keys")->take_all();
    run->add_option("--out", words.out, "Folder for the results")->capture_default_str();
    run->add_option("--qemu", words.qemu, "QEMU to use")->capture_default_str();
    run->add_option("--image", words.image, "Image to boot instead of the board's own");
    run->add_option(
        "--golden", words.golden,
        "QEMU: file of golden values to compare with (default: the board's, for its own "
        "image), or none");
    run->add_option("--time-limit", words.time_limit,
                    "Seconds (default 120; suite paper, clock wall or serial: 900; gem5: 7200)")
        ->check(CLI::Range(1, kLongestLimit));
    add_serial(*run, words, "serial: where the image comes from: sd (the default), loady, tftp");
    run->add_flag("--resume", words.resume,
                  "serial: continue with a target that runs or lingers, from DIR/uart.log");
    return run;
}

CLI::App* add_image(CLI::App& app, Words& words) {
    CLI::App* image = app.add_subcommand(
        "image", "List the files for boot loaders, and the commands that boot them");
    image->add_option("--board", words.board, names_of(boards()))->capture_default_str();
    image->add_option("--out", words.image_out, "Folder to copy the files to");
    return image;
}

CLI::App* add_flash(CLI::App& app, Words& words) {
    CLI::App* flash = app.add_subcommand("flash", "Update the files on a board's card");
    flash->add_option("--board", words.board, names_of(boards()))->capture_default_str();
    flash->add_option("--machine", words.machine, "serial:DEVICE, a board's serial port")
        ->required();
    add_serial(*flash, words, "how the files get there: loady (serial line; the default), tftp");
    flash->add_option("--image", words.image, "uImage to write instead of the board's own");
    flash->add_option("--time-limit", words.time_limit, "Seconds (default 900)")
        ->check(CLI::Range(1, kLongestLimit));
    return flash;
}

CLI::App* add_report(CLI::App& app, Words& words) {
    CLI::App* report = app.add_subcommand("report", "Print a recorded run again");
    report->add_option("DIR", words.folder, "Folder of the run")->required();
    report->add_option("--format", words.format, names_of(formats()))->capture_default_str();
    return report;
}

CLI::App* add_predict(CLI::App& app, Words& words) {
    CLI::App* predict = app.add_subcommand(
        "predict", "Predict from a model of the core what chases cost, without a run");
    predict->add_option("--model", words.model,
                        "JSON file with other values or ranges for the model's parameters");
    predict->add_flag("--all", words.all,
                      "Every cell of the matrix of tables, with one line per page of the largest "
                      "size; takes minutes");
    predict->add_flag("--parameters", words.parameters,
                      "Only list the parameters, with their values and sources");
    predict->add_option("--order", words.orders, "Orders of chases, with commas between")
        ->delimiter(',')
        ->capture_default_str();
    predict->add_option("--bytes", words.bytes, "Sizes of chases, with commas between")
        ->delimiter(',')
        ->capture_default_str();
    return predict;
}

UsageError refuse_setting(std::string line) { return {std::move(line), keys_text(kUsageWidth)}; }

/// One word of --set into `values`, or why not.
std::optional<UsageError> take_setting(const std::string& word,
                                       std::map<Key, std::uint32_t>& values) {
    const std::size_t cut = word.find('=');
    if (cut == std::string::npos) {
        return refuse_setting(
            fmt::format("--set takes KEY=VALUE, and \"{}\" is not of that form", word));
    }
    const std::string name = word.substr(0, cut);
    const auto index = measure::index_of(measure::kKeys, name);
    if (!index) {
        return refuse_setting(fmt::format("unknown key \"{}\" in --set {}", name, word));
    }
    const Key key = static_cast<Key>(*index);
    const auto value = measure::parse_value(measure::info(key), word.substr(cut + 1));
    if (!value) {
        return refuse_setting(
            fmt::format("\"{}\" is not a valid value for key \"{}\"", word.substr(cut + 1), name));
    }
    if (key == Key::kMemory && *value % measure::kMiB != 0) {
        return refuse_setting("key \"memory\" takes whole megabytes");
    }
    values[key] = *value;
    return std::nullopt;
}

/// 120,000 wake-ups 30 ms apart take an hour, unless idle time costs nothing.
bool would_take_hours(const RunOptions& run, const Words& words) {
    const bool timer =
        run.only.empty() || std::find(run.only.begin(), run.only.end(), "timer") != run.only.end();
    const bool counted = std::any_of(run.settings.begin(), run.settings.end(),
                                     [](const auto& set) { return set.first == Key::kCount; });
    return run.suite == Suite::kPaper && run.clock == ClockSource::kWall && timer && !counted &&
           !words.time_limit;
}

/// A value as --set takes it.
std::string key_text(const measure::KeyInfo& info, std::uint32_t value) {
    return info.kind == measure::Kind::kBytes ? bytes_key_text(value) : fmt::format("{}", value);
}

UsageError refuse_board(const std::string& name) {
    return {fmt::format("unknown board \"{}\"", name),
            fmt::format("boards: {}\n", names_of(boards()))};
}

/// The board and what runs it, or why not.
std::optional<UsageError> take_machine(const Words& words, const std::filesystem::path& builds,
                                       RunOptions& run) {
    run.board = find_board(words.board);
    if (run.board == nullptr) {
        return refuse_board(words.board);
    }
    const auto machine = parse_machine(words.machine);
    if (!machine) {
        return UsageError{fmt::format("unknown machine \"{}\"", words.machine),
                          fmt::format("machines: {}\n", machine_forms())};
    }
    run.machine = *machine;
    if (std::string reason = machine->kind->why_not(*run.board); !reason.empty()) {
        return UsageError{std::move(reason), ""};
    }
    run.image = !words.image.empty()          ? std::filesystem::path(words.image)
                : machine->kind->boots_uimage ? uimage_of(*run.board, builds)
                                              : image_of(*run.board, builds);
    // Of the project, beside what was built.
    run.gem5_script = builds.parent_path() / "toolchain/gem5/hypmeter.py";
    return std::nullopt;
}

/// How to talk to the board, or why not.
std::optional<UsageError> take_serial(const Words& words, LoadWay by_default,
                                      SerialOptions& serial) {
    if (std::find(kSpeeds.begin(), kSpeeds.end(), words.speed) == kSpeeds.end()) {
        return UsageError{fmt::format("no serial port runs at {} bits per second", words.speed),
                          fmt::format("speeds: {}\n", fmt::join(kSpeeds, ", "))};
    }
    const auto way = kLoadWays.find(words.load);
    if (way == kLoadWays.end() && !words.load.empty()) {
        return UsageError{fmt::format("unknown way to load \"{}\"", words.load),
                          "ways to load: sd, loady, tftp\n"};
    }
    const std::size_t blank = words.card.find(' ');
    if (!words.card.empty() && (blank == std::string::npos || words.card.find(':') < blank)) {
        return UsageError{fmt::format("\"{}\" is no partition of a card", words.card),
                          "as U-Boot names them: \"mmc 0:1\", \"virtio 0:1\"\n"};
    }
    serial = {words.speed,  way == kLoadWays.end() ? by_default : way->second,
              words.card,   words.tftp_server,
              words.prompt, words.resume};
    return std::nullopt;
}

/// A key of the host that the machine does not take.
std::optional<UsageError> refuse_host_key(const RunOptions& run, const measure::KeyInfo& info,
                                          std::uint32_t value) {
    const MachineKind& kind = *run.machine.kind;
    const std::uint32_t fixed = info.by_default(run.suite);
    if (info.user != measure::User::kHost || kind.host_keys == HostKeys::kAny ||
        (kind.host_keys == HostKeys::kDefaults && value == fixed)) {
        return std::nullopt;
    }
    return UsageError{
        fmt::format("key \"{}\" is only for QEMU: {}", info.name, kind.hardware),
        kind.host_keys == HostKeys::kDefaults
            ? fmt::format("--set {}={}, or nothing\n", info.name, key_text(info, fixed))
            : ""};
}

/// Options that have no effect on the chosen machine are refused, so that none is given in vain.
std::optional<UsageError> refuse_idle(const CLI::App& app, const RunOptions& run) {
    const auto is_given = [&app](std::string_view name) {
        return app.get_option(std::string(name))->count() > 0;
    };
    for (const MachineKind* const kind : machines()) {
        for (const std::string_view name : kind->options) {
            if (kind != run.machine.kind && is_given(name)) {
                return UsageError{fmt::format("{} is only for --machine {}", name, kind->form), ""};
            }
        }
    }
    for (const std::string_view name : {"--suite", "--only", "--set", "--image", "--load"}) {
        if (run.serial.resume && is_given(name)) {
            return UsageError{
                fmt::format("--resume continues what already runs: {} comes too late", name), ""};
        }
    }
    for (const auto& [key, value] : run.settings) {
        if (auto refusal = refuse_host_key(run, measure::info(key), value)) {
            return refusal;
        }
    }
    return std::nullopt;
}

Options check_flash(const Words& words, const std::filesystem::path& builds) {
    RunOptions run;
    if (auto refusal = take_machine(words, builds, run)) {
        return *refusal;
    }
    if (!run.machine.kind->boots_uimage) {
        return UsageError{"flash writes to a board's card: name its port",
                          "machines: serial:DEVICE\n"};
    }
    FlashOptions flash{run.board,
                       run.machine,
                       {},
                       run.image,
                       words.image.empty(),
                       words.time_limit ? std::chrono::seconds(*words.time_limit) : kLongLimit};
    if (auto refusal = take_serial(words, LoadWay::kYmodem, flash.serial)) {
        return *refusal;
    }
    if (flash.serial.load == LoadWay::kCard) {
        return UsageError{"flash cannot load from the card that it writes to",
                          "ways to load: loady, tftp\n"};
    }
    return flash;
}

/// The state in which the machine enters the image, and the device tree that an emulator needs; or
/// why not.
std::optional<UsageError> take_entry(const Words& words, const std::filesystem::path& builds,
                                     RunOptions& run) {
    const board::QemuFacts& qemu = run.board->qemu;
    run.entry = qemu.entry;
    if (!words.entry.empty()) {
        if (words.entry != "hyp" && words.entry != "secure") {
            return UsageError{fmt::format("unknown entry state \"{}\"", words.entry),
                              "entry states: hyp, secure\n"};
        }
        run.entry = words.entry == "hyp" ? EntryMode::kHyp : EntryMode::kSecure;
    }
    if (run.board->has_qemu() && !qemu.has_tree) {
        run.tree = tree_of(*run.board, uimage_of(*run.board, builds));
    }
    if (run.machine.kind != &kQemu) {
        return std::nullopt;
    }
    // Nothing holds the second core then: it waits in a loop, and icount counts that too.
    if (run.get(Key::kSmp) > 1 && run.clock == ClockSource::kInstructions &&
        (!qemu.has_tree || run.entry == EntryMode::kSecure)) {
        return UsageError{
            "both cores run from the start there, and icount counts both: two cores "
            "take --clock wall",
            ""};
    }
    return std::nullopt;
}

/// An image of the user's own has no golden values unless he names some.
std::optional<UsageError> take_golden(const Words& words, const std::filesystem::path& builds,
                                      RunOptions& run) {
    if (words.golden.empty()) {
        const auto own = builds.parent_path() / "board" / run.board->name / "golden.txt";
        if (words.image.empty() && run.machine.kind == &kQemu && run.suite == Suite::kQuick &&
            run.clock == ClockSource::kInstructions && std::filesystem::is_regular_file(own)) {
            run.golden = own;
        }
    } else if (words.golden != "none") {
        if (!std::filesystem::is_regular_file(words.golden)) {
            return UsageError{fmt::format("no file \"{}\" of golden values", words.golden),
                              "`hypmeter report DIR --format golden` prints such a file; "
                              "--golden none compares with none\n"};
        }
        run.golden = words.golden;
    }
    return std::nullopt;
}

Options check_run(const Words& words, const std::filesystem::path& builds, const CLI::App& app) {
    RunOptions run;
    if (auto refusal = take_machine(words, builds, run)) {
        return *refusal;
    }
    const auto suite = measure::index_of(measure::kSuites, words.suite);
    if (!suite) {
        return UsageError{fmt::format("unknown suite \"{}\"", words.suite),
                          fmt::format("suites: {}\n", names_of(measure::kSuites))};
    }
    run.suite = static_cast<Suite>(*suite);
    const auto clock = kClocks.find(words.clock);
    if (clock == kClocks.end()) {
        return UsageError{fmt::format("unknown clock \"{}\"", words.clock),
                          "clocks: instructions, wall\n"};
    }
    run.clock = clock->second;
    for (const std::string& name : words.only) {
        if (!measure::index_of(measure::kWorkloadNames, name)) {
            return UsageError{fmt::format("unknown workload \"{}\" in --only", name),
                              fmt::format("workloads: {}\n", names_of(measure::kWorkloadNames))};
        }
    }
    run.only = words.only;
    std::map<Key, std::uint32_t> values;
    for (const std::string& word : words.set) {
        if (auto refusal = take_setting(word, values)) {
            return *refusal;
        }
    }
    run.settings.assign(values.begin(), values.end());
    if (auto refusal = take_entry(words, builds, run)) {
        return *refusal;
    }
    if (auto refusal = take_serial(words, LoadWay::kCard, run.serial)) {
        return *refusal;
    }
    if (auto refusal = refuse_idle(app, run)) {
        return *refusal;
    }
    if (would_take_hours(run, words)) {
        return UsageError{
            "--suite paper with --clock wall takes an hour of real time for each timer row: "
            "set a count (--set count=1000) or a --time-limit",
            ""};
    }
    if (auto refusal = take_golden(words, builds, run)) {
        return *refusal;
    }
    run.out = words.out;
    run.qemu = words.qemu;
    const bool is_long = run.suite == Suite::kPaper || run.clock == ClockSource::kWall;
    run.time_limit = words.time_limit ? std::chrono::seconds(*words.time_limit)
                     : is_long        ? std::max(kLongLimit, run.machine.kind->time_limit)
                                      : run.machine.kind->time_limit;
    return run;
}

Options check_image(const Words& words, const std::filesystem::path& builds) {
    const Board* const board = find_board(words.board);
    if (board == nullptr) {
        return refuse_board(words.board);
    }
    return ImageOptions{board, boot_folder(*board, builds), words.image_out};
}

Options check_report(const Words& words) {
    const OutputFormat* const format = find_format(words.format);
    if (format == nullptr) {
        return UsageError{fmt::format("unknown format \"{}\"", words.format),
                          fmt::format("formats: {}\n", names_of(formats()))};
    }
    return ReportOptions{words.folder, format};
}

/// The model of the core, or why not.
std::optional<UsageError> take_model(const std::string& path, Model& model) {
    if (path.empty()) {
        return std::nullopt;
    }
    const auto text = read_file(path);
    if (!text) {
        return UsageError{fmt::format("cannot read \"{}\"", path), ""};
    }
    const ReadModel read = read_model(*text);
    if (!read.model) {
        return UsageError{fmt::format("cannot use \"{}\": {}", path, read.error), ""};
    }
    model = *read.model;
    return std::nullopt;
}

Options check_predict(const Words& words) {
    PredictOptions predict;
    predict.all = words.all;
    predict.parameters = words.parameters;
    if (auto refusal = take_model(words.model, predict.model)) {
        return *refusal;
    }
    for (const std::string& order : words.orders) {
        const auto& names = measure::kChaseOrderNames;
        const auto found = std::find(names.begin(), names.end(), order);
        if (found == names.end()) {
            return UsageError{fmt::format("unknown order \"{}\"", order),
                              fmt::format("orders: {}\n", fmt::join(names, ", "))};
        }
        predict.orders.push_back(static_cast<measure::ChaseOrder>(found - names.begin()));
    }
    for (const std::string& word : words.bytes) {
        const measure::KeyInfo& key = measure::info(Key::kBytes);
        const auto bytes = measure::parse_value(key, word);
        if (!bytes || *bytes % measure::chase::kGrain != 0) {
            return UsageError{fmt::format("\"{}\" is not a size of a chase", word),
                              fmt::format("sizes: multiples of {} from {} to {}\n",
                                          bytes_key_text(measure::chase::kGrain),
                                          bytes_key_text(key.low), bytes_key_text(key.high))};
        }
        predict.bytes.push_back(*bytes);
    }
    return predict;
}

}  // namespace

Options parse_options(std::vector<std::string> arguments, const std::filesystem::path& builds) {
    CLI::App app{"Measures what ARMv7 virtualization costs, layer by layer."};
    app.name("hypmeter");
    app.require_subcommand(1);
    Words words;
    const CLI::App* run = add_run(app, words);
    const CLI::App* list =
        app.add_subcommand("list", "Show workloads, suites and keys with ranges and defaults");
    const CLI::App* image = add_image(app, words);
    add_report(app, words);
    const CLI::App* predict = add_predict(app, words);
    const CLI::App* flash = add_flash(app, words);
    try {
        // CLI11 takes the words from the back of the vector.
        std::reverse(arguments.begin(), arguments.end());
        app.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
        return Answer{app.help()};
    } catch (const CLI::ParseError& error) {
        std::string line = error.what();
        line = line.substr(0, line.find('\n'));
        return UsageError{line,
                          "`hypmeter --help`, `hypmeter run --help` and `hypmeter list` say "
                          "what is valid.\n"};
    }
    if (list->parsed()) {
        return ListOptions{};
    }
    if (image->parsed()) {
        return check_image(words, builds);
    }
    if (flash->parsed()) {
        return check_flash(words, builds);
    }
    if (predict->parsed()) {
        return check_predict(words);
    }
    return run->parsed() ? check_run(words, builds, *run) : check_report(words);
}

}  // namespace hm::host
