#include "bench/quality/picture.h"

#include <fmt/format.h>

namespace semak {
namespace {

constexpr double kSide = 400;
constexpr double kMargin = 60;

double x_of(double value) { return kMargin + kSide * value; }
double y_of(double value) { return kMargin + kSide * (1 - value); }

std::string grid() {
  std::string text;
  for (int tenth = 0; tenth <= 10; tenth += 2) {
    const double at = tenth / 10.0;
    text += fmt::format(
        "<path d=\"M{0:.0f} {1:.0f}V{2:.0f}M{3:.0f} {4:.0f}H{5:.0f}\" stroke=\"#ddd\"/>"
        "<text x=\"{0:.0f}\" y=\"{6:.0f}\" text-anchor=\"middle\">{7:.1f}</text>"
        "<text x=\"{8:.0f}\" y=\"{9:.0f}\" text-anchor=\"end\">{7:.1f}</text>\n",
        x_of(at), y_of(0), y_of(1), x_of(0), y_of(at), x_of(1), y_of(0) + 18, at, x_of(0) - 6, y_of(at) + 4);
  }
  return text;
}

}  // namespace

std::string unit_chart(const std::string& title, const std::string& x_label, const std::string& y_label,
                       const std::vector<Curve>& curves) {
  const double whole = kSide + 2 * kMargin;
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {0:.0f}\" font-family=\"sans-serif\" "
      "font-size=\"12\">\n<rect width=\"{0:.0f}\" height=\"{0:.0f}\" fill=\"#fff\"/>\n"
      "<text x=\"{1:.0f}\" y=\"30\" text-anchor=\"middle\" font-size=\"15\">{2}</text>\n",
      whole, whole / 2, title);
  text += grid();
  text +=
      fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>\n", whole / 2, whole - 16, x_label);
  text += fmt::format("<text transform=\"translate(18 {:.0f}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                      whole / 2, y_label);
  int row = 0;
  for (const Curve& curve : curves) {
    std::string path;
    for (const auto& [x, y] : curve.points) {
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x_of(x), y_of(y));
      if (curve.dots) {
        text +=
            fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"/>\n", x_of(x), y_of(y), curve.colour);
      }
    }
    if (!curve.dots)
      text += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>\n", path, curve.colour);
    text += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" fill=\"{}\">{}</text>\n", x_of(0.04), y_of(0.04) - 16 * row++,
                        curve.colour, curve.label);
  }
  return text + "</svg>\n";
}

}  // namespace semak
