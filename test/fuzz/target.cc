#include "target.h"

#include <cstdlib>
#include <iostream>

namespace spikeport::fuzz {

void require(bool holds, const std::string& what) {
  if (holds) return;
  std::cerr << what << std::endl;
  std::abort();
}

}  // namespace spikeport::fuzz
