// Runs a target where there is no libFuzzer: on saved inputs, then on random ones made from them, which are the same in
// every run but for how many there are.
//
//     target [-max_total_time=SECONDS] [-seed=NUMBER] [FILE or FOLDER]...
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "support/random.h"
#include "target.h"

namespace {

namespace fs = std::filesystem;
using spikeport::test::Random;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t most_bytes = 4096;
/** Left by an input that ends the process. */
constexpr const char* crash = "crash-input";

Bytes read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Bytes> saved_in(const std::vector<std::string>& places) {
  std::vector<fs::path> paths;
  for (const std::string& place : places) {
    if (!fs::is_directory(place)) paths.emplace_back(place);
    if (!fs::is_directory(place)) continue;
    for (const auto& entry : fs::directory_iterator(place)) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<Bytes> saved;
  for (const fs::path& path : paths) saved.push_back(read(path));
  return saved;
}

/** Bytes that are random, few different ones, or the same for long. */
Bytes make(Random& random) {
  Bytes bytes(random.below(random.with_chance(0.2) ? most_bytes : 200));
  const std::uint64_t values = 1 + random.below(random.with_chance(0.5) ? 256 : 4);
  std::uint8_t value = 0;
  const double change = random.fraction();
  for (std::uint8_t& byte : bytes) {
    if (random.with_chance(change)) value = static_cast<std::uint8_t>(random.below(values));
    byte = value;
  }
  return bytes;
}

/** The same with a few bytes changed, taken out or put in, and perhaps with the end of another. */
Bytes changed(Bytes bytes, const Bytes& other, Random& random) {
  for (unsigned i = 0; i <= random.geometric(); i++) {
    const auto at = static_cast<std::ptrdiff_t>(random.below(bytes.size() + 1));
    const bool at_end = at == static_cast<std::ptrdiff_t>(bytes.size());
    if (random.with_chance(0.3)) {
      bytes.insert(bytes.begin() + at, static_cast<std::uint8_t>(random.bits()));
    } else if (!at_end && random.with_chance(0.3)) {
      bytes.erase(bytes.begin() + at);
    } else if (!at_end) {
      bytes[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(random.bits());
    }
  }
  if (random.with_chance(0.2) && !other.empty()) {
    bytes.resize(random.below(bytes.size() + 1));
    bytes.insert(bytes.end(), other.begin() + static_cast<std::ptrdiff_t>(random.below(other.size())), other.end());
  }
  if (bytes.size() > most_bytes) bytes.resize(most_bytes);
  return bytes;
}

void run(const Bytes& bytes) {
  // There before the target may end the process.
  std::ofstream(crash, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
  // From memory of exactly this length: sanitizers report a read after its end.
  const Bytes exact(bytes);
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::chrono::seconds most_time(10);
  std::uint64_t seed = 1;
  std::vector<std::string> places;
  for (const std::string& argument : std::vector<std::string>(argv + 1, argv + argc)) {
    const std::string value = argument.substr(argument.find('=') + 1);
    if (argument.starts_with("-max_total_time=")) {
      most_time = std::chrono::seconds(std::stoul(value));
    } else if (argument.starts_with("-seed=")) {
      seed = std::stoull(value);
    } else {
      places.push_back(argument);
    }
  }
  Random random(seed);
  std::vector<Bytes> inputs = saved_in(places);
  const std::size_t saved = inputs.size();
  for (const Bytes& bytes : inputs) run(bytes);
  std::uint64_t runs = 0;
  const auto end = std::chrono::steady_clock::now() + most_time;
  for (; std::chrono::steady_clock::now() < end; runs++) {
    if (inputs.empty() || random.with_chance(0.5)) {
      inputs.push_back(make(random));
      if (inputs.size() > saved + 100) inputs.erase(inputs.begin() + static_cast<std::ptrdiff_t>(saved));
      run(inputs.back());
    } else {
      const Bytes& other = inputs[random.below(inputs.size())];
      run(changed(inputs[random.below(inputs.size())], other, random));
    }
  }
  fs::remove(crash);
  std::cout << "Done " << saved << " saved inputs and " << runs << " random ones\n";
}
