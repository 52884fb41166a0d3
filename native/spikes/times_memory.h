#pragma once

#include <cstddef>
#include <memory>

namespace spikeport {

/** Memory for so many times. Where giving it back takes long, a worker does it: the last owner may be the JS thread. */
std::shared_ptr<double[]> times_memory(std::size_t count);

}  // namespace spikeport
