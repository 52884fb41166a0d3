#include "exports/recording.h"

#include <string>

#include "spikes/memory_spike_trains.h"

namespace spikeport::test {

std::shared_ptr<const Recording> make_recording(std::size_t units, std::size_t most_spikes, Random& random) {
  auto made = std::make_shared<Recording>();
  const auto trains = std::make_shared<MemorySpikeTrains>();
  made->times.resize(units);
  for (std::vector<double>& times : made->times) {
    times.resize(random.below(most_spikes + 1));
    double time = 0;
    for (double& each : times) each = time += 20 * random.fraction();
    trains->append(times);
    made->ids.push_back(static_cast<std::int64_t>(random.bits()));
    made->values.push_back(static_cast<std::int32_t>(random.below(4)));
    made->texts += std::string(random.below(50), 'x') + "é";
    made->text_ends.push_back(static_cast<double>(made->texts.size()));
    made->choices.push_back(static_cast<std::int32_t>(random.below(2)));
  }
  made->trains = trains;
  made->channels = 4;
  made->samples.resize(made->channels * (10 * most_spikes + 1));
  made->columns = {0, static_cast<std::int32_t>(made->samples.size() / made->channels)};
  for (std::int16_t& sample : made->samples) sample = static_cast<std::int16_t>(random.below(200));
  return made;
}

}  // namespace spikeport::test
