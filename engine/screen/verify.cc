#include "engine/screen/verify.h"

#include "engine/screen/verify_findings.h"

namespace semak {

Result<VerifyReport> verify(const Engine& engine, const VerifyOptions& options, const Progress& progress) {
  VerifyReport report;
  report.generation = engine.store().published()->generation;
  Findings findings(report);
  SEMAK_TRY_STATUS(verify_store(engine, report, findings, progress));
  SEMAK_TRY_STATUS(verify_index(engine, report, findings, progress));
  if (options.recall_subjects > 0) SEMAK_TRY_STATUS(verify_recall(engine, options, report, findings, progress));
  return report;
}

}  // namespace semak
