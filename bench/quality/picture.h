// Small line charts as SVG files.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace semak {

struct Curve {
  std::string label;
  std::string colour;
  std::vector<std::pair<double, double>> points;
  bool dots = false;  // points alone, no line
};

// A chart of [0,1] x [0,1].
std::string unit_chart(const std::string& title, const std::string& x_label, const std::string& y_label,
                       const std::vector<Curve>& curves);

}  // namespace semak
