// A whole command line, from its words to an exit status.

#include "host/cli/commands.hpp"

namespace hm::host {

int main_command(std::vector<std::string> arguments, const std::filesystem::path& builds,
                 const Console& console) {
    const Options options = parse_options(std::move(arguments), builds);
    if (const auto* error = std::get_if<UsageError>(&options)) {
        console.err << "hypmeter: " << error->line << "\n" << error->valid << std::flush;
        return kBadUsage;
    }
    if (const auto* run = std::get_if<RunOptions>(&options)) {
        switch (run->machine.kind) {
            case MachineKind::kQemu:
                return run_command(*run, console);
            case MachineKind::kGem5:
                return gem5_run(*run, builds.parent_path() / "toolchain/gem5/hypmeter.py", console);
            case MachineKind::kSerial:
                return serial_run(*run, console);
        }
    }
    if (const auto* flash = std::get_if<FlashOptions>(&options)) {
        return flash_command(*flash, console);
    }
    if (const auto* image = std::get_if<ImageOptions>(&options)) {
        return image_command(*image, console);
    }
    if (const auto* report = std::get_if<ReportOptions>(&options)) {
        return report_command(*report, console);
    }
    if (const auto* answer = std::get_if<Answer>(&options)) {
        console.out << answer->text << std::flush;
    } else {
        console.out << catalogue_text(console.width) << std::flush;
    }
    return kAllOk;
}

}  // namespace hm::host
