// Figures as a flat list, for comparing a run with the one kept in the repository.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "engine/result.h"
#include "tools/fit/quality_figures.h"

namespace semak {

using FigureList = std::map<std::string, double>;  // "names only, recall@1" -> 0.92

void add_figures(FigureList& list, const std::string& set, const QualityFigures& figures);

// CSV with the heading figure,value.
std::string to_csv(const FigureList& list);
Result<FigureList> read_figures(const std::filesystem::path& path);

// One line for each figure that differs from the reference by more than `tolerance`, and whether it became worse.
struct Change {
  std::string figure;
  double before = 0;
  double now = 0;
  bool worse = false;
};
std::vector<Change> compare(const FigureList& now, const FigureList& reference, double tolerance);

}  // namespace semak
