#include "hdf5/model/plan_check.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/errors.h"
#include "hdf5/model/object_path.h"

namespace spikeport::hdf5 {
namespace {

using Names = std::vector<std::string_view>;

/** Whether this is how a number below `count` is written. */
bool is_number_below(std::string_view name, std::uint64_t count) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.begin(), name.end(), number);
  return error == std::errc() && number < count && std::to_string(number) == name;
}

/** All that a reference can be to: objects, and groups that lead to them. */
class Targets {
 public:
  explicit Targets(std::span<const Object> objects) {
    places_.insert(Names());
    for (const Object& object : objects) {
      Names names = steps_in(path_of(object));
      if (const auto* units = std::get_if<UnitDatasets>(&object)) {
        groups_.push_back({names, units->source->trains().unit_count()});
      }
      if (std::holds_alternative<SoftLink>(object) && !names.empty()) names.pop_back();
      while (!names.empty() && places_.insert(names).second) names.pop_back();
    }
  }

  void check(const Reference& reference) const {
    if (!has(steps_in(reference.target))) {
      throw ValueError("Expected references to objects of the file but received one to '" + reference.target + "'.");
    }
  }

 private:
  struct UnitGroup {
    Names names;
    std::uint64_t count;
  };

  [[nodiscard]] bool has(Names names) const {
    if (places_.contains(names)) return true;
    const std::string_view last = names.back();
    names.pop_back();
    const auto holds = [&](const UnitGroup& group) {
      return group.names == names && is_number_below(last, group.count);
    };
    return std::ranges::any_of(groups_, holds);
  }

  std::set<Names> places_;
  std::vector<UnitGroup> groups_;
};

void check_text(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    throw ValueError("Expected text without a NUL character but received one that has it.");
  }
}

void check_texts(const PackedTexts& texts) {
  if (!texts.are_in_order()) throw ValueError("Expected texts whose ends are in order but received others.");
  check_text(texts.bytes());
}

void check_texts(const Attribute& attribute) {
  if (const auto* text = std::get_if<std::string>(&attribute.value)) check_text(*text);
  if (const auto* text = std::get_if<LongText>(&attribute.value)) check_text(text->utf8);
  if (const auto* texts = std::get_if<std::vector<std::string>>(&attribute.value)) {
    for (const std::string& text : *texts) check_text(text);
  }
}

}  // namespace

void check(const Plan& plan) {
  const auto is_elsewhere = [&](const Object& object) {
    const auto* dataset = std::get_if<Dataset>(&object);
    return dataset != nullptr && dataset->streamed && dataset->streamed->file() &&
           dataset->streamed->file() != plan.begun;
  };
  if (std::ranges::any_of(plan.objects, is_elsewhere)) {
    throw ValueError("Expected streams that were written to this file but received those of another.");
  }
  const Targets targets(plan.objects);
  const auto check_attributes = [&](std::span<const Attribute> attributes) {
    for (const Attribute& attribute : attributes) {
      check_texts(attribute);
      if (const auto* reference = std::get_if<Reference>(&attribute.value)) targets.check(*reference);
    }
  };
  check_attributes(plan.attributes);
  for (const Object& object : plan.objects) {
    check_attributes(attributes_of(object));
    if (const auto* texts = std::get_if<TextDataset>(&object)) check_texts(texts->texts);
    if (const auto* references = std::get_if<ReferenceDataset>(&object)) {
      for (const Reference& reference : references->targets) targets.check(reference);
    }
    if (const auto* link = std::get_if<SoftLink>(&object)) check_text(link->target);
  }
}

}  // namespace spikeport::hdf5
