#include "spikes/times_memory.h"

#include "engine/thread_pool.h"

namespace spikeport {

std::shared_ptr<double[]> times_memory(std::size_t count) {
  constexpr std::size_t many_times = std::size_t{1} << 20U;
  if (count < many_times) return std::shared_ptr<double[]>(new double[count]);
  return {new double[count], [](double* times) { workers().post([times] { delete[] times; }); }};
}

}  // namespace spikeport
