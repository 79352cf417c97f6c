#include "host/cli/image_words.hpp"

namespace hm::host {

CLI::App* add_image(CLI::App& app, Words& words) {
    CLI::App* image = app.add_subcommand(
        "image", "List the files for boot loaders, and the commands that boot them");
    image->add_option("--board", words.board, names_of(boards()))->capture_default_str();
    image->add_option("--out", words.image_out, "Folder to copy the files to");
    add_examples(*image, {"hypmeter image --board arndale --out files"});
    return image;
}

Options check_image(const Words& words, const std::filesystem::path& builds) {
    const Board* const board = find_board(words.board);
    if (board == nullptr) {
        return refuse_board(words.board);
    }
    return ImageOptions{
        board, boot_folder(*board, builds), words.image_out,
        board->loader.file.empty() ? std::filesystem::path() : builds / board->loader.file};
}

}  // namespace hm::host
