#include "tests/system/browser.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "host/base/process.hpp"
#include "tests/system/tool.hpp"

namespace hm::test {
namespace {

/// Tells the frame around the page what was seen.
constexpr const char* kLook = R"js(<script>
addEventListener('load', () => {
  const all = document.documentElement;
  const seen = {width: innerWidth, overflow: all.scrollWidth - all.clientWidth,
                figures: 0, empty: [], cut: []};
  for (const svg of document.querySelectorAll('svg')) {
    if (svg.getClientRects().length === 0) {
      continue;
    }
    seen.figures += 1;
    const frame = svg.getBoundingClientRect();
    const shapes = [...svg.querySelectorAll('polyline, polygon, rect, circle')].filter(
        shape => shape.getBoundingClientRect().height > 0 || shape.getBoundingClientRect().width > 0);
    const bars = svg.querySelectorAll('line.bar').length;
    if (frame.width < 100 || frame.height < 50 || shapes.length + bars < 2) {
      seen.empty.push(svg.getAttribute('aria-label'));
    }
    for (const text of svg.querySelectorAll('text')) {
      const box = text.getBoundingClientRect();
      if (box.left < frame.left - 2 || box.right > frame.right + 2 || box.top < frame.top - 2 ||
          box.bottom > frame.bottom + 4) {
        seen.cut.push(text.textContent);
      }
    }
  }
  parent.postMessage(seen, '*');
});
</script></body>)js";

/// A window is never narrower than 500 pixels, but a frame in it may be. The browser prints the
/// frame's page, and in it what it was told.
constexpr const char* kFrame = R"html(<!doctype html><title></title><body><script>
addEventListener('message', event => {
  document.body.innerHTML = '';
  document.body.append('SEEN' + JSON.stringify(event.data) + 'NEES');
});
</script>
)html";

constexpr const char* kPagePolicy =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">";

}  // namespace

std::string find_browser() { return host::find_program("chromium"); }

nlohmann::json look_at(const std::filesystem::path& folder, const std::string& html, int width) {
    std::string looking = html;
    // The page's policy allows no script; this copy has one.
    const std::size_t policy = looking.find(kPagePolicy);
    const std::size_t end = looking.rfind("</body>");
    if (policy == std::string::npos || end == std::string::npos) {
        ADD_FAILURE() << "no policy or no body in the page";
        return nullptr;
    }
    looking.replace(end, std::string("</body>").size(), kLook);
    looking.erase(policy, std::string(kPagePolicy).size());
    std::ofstream(folder / "looking.html") << looking;
    std::ofstream(folder / "frame.html")
        << kFrame << "<iframe src='looking.html' style='border:0;height:2000px;width:" << width
        << "px'></iframe></body>";
    const Finished finished = run(
        "timeout 120 " + find_browser() +
        " --headless --no-sandbox --disable-gpu --user-data-dir='" + (folder / "profile").string() +
        "' --window-size=1600,2200 --virtual-time-budget=10000 --dump-dom 'file://" +
        (folder / "frame.html").string() + "' 2>/dev/null");
    const std::size_t from = finished.output.find("SEEN");
    const std::size_t to = finished.output.rfind("NEES");
    if (from == std::string::npos || to == std::string::npos || to < from) {
        ADD_FAILURE() << "the browser shows nothing: status " << finished.status;
        return nullptr;
    }
    return nlohmann::json::parse(finished.output.substr(from + 4, to - from - 4), nullptr, false);
}

}  // namespace hm::test
