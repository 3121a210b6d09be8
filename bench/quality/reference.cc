#include "bench/quality/reference.h"

#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <vector>

namespace semak {

void add_figures(FigureList& list, const std::string& set, const QualityFigures& figures) {
  list[set + " recall@1"] = figures.recall_1;
  list[set + " recall@5"] = figures.recall_5;
  list[set + " hit@FA1"] = figures.hit_fa1;
  list[set + " hit@FA5"] = figures.hit_fa5;
  list[set + " hit@FA10"] = figures.hit_fa10;
}

std::string to_csv(const FigureList& list) {
  std::string text = "figure,value\n";
  for (const auto& [figure, value] : list) text += fmt::format("{},{:.4f}\n", figure, value);
  return text;
}

Result<FigureList> read_figures(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) return Error{ErrorCode::not_found, path.string() + ": cannot be read"};
  FigureList list;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::size_t comma = line.rfind(',');
    if (comma == std::string::npos)
      return Error{ErrorCode::invalid_input, path.string() + ": not figure,value: " + line};
    list[line.substr(0, comma)] = std::atof(line.c_str() + comma + 1);
  }
  return list;
}

std::vector<Change> compare(const FigureList& now, const FigureList& reference, double tolerance) {
  std::vector<Change> changes;
  for (const auto& [figure, before] : reference) {
    const auto found = now.find(figure);
    if (found == now.end() || std::abs(found->second - before) <= tolerance) continue;
    const bool error = figure.ends_with("calibration error");
    changes.push_back({figure, before, found->second, (found->second < before) != error});
  }
  return changes;
}

}  // namespace semak
