// Gives a fuzz target the inputs of its corpus, without a fuzzer.
//
//   NAME_replay FOLDER

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<char> content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int count, char** arguments) {
    unsigned inputs = 0;
    std::error_code error;
    if (count == 2) {
        for (const auto& entry : std::filesystem::directory_iterator(arguments[1], error)) {
            const std::vector<char> input = content_of(entry.path());
            if (input.size() != entry.file_size()) {
                std::printf("%s cannot be read\n", entry.path().c_str());
                return 1;
            }
            (void)LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()),
                                         input.size());
            ++inputs;
        }
    }
    std::printf("%u inputs replayed\n", inputs);
    return inputs == 0 ? 1 : 0;
}
