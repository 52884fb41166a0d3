#pragma once

// Every kind of export, for tests without Node.

#include <string>
#include <vector>

#include "engine/export_job.h"
#include "exports/recording.h"

namespace spikeport::test {

/** A kind of export: every container, encoder and sink has its own. */
struct Kind {
  std::string name;
  /** Whether the HDF5 library places its chunks as they come, so that two files of the same content may differ. */
  bool is_unordered;
  ExportJob (*job)(const Recording& recording, const std::string& target, const ExportSettings& settings);
};

const std::vector<Kind>& kinds();

}  // namespace spikeport::test
