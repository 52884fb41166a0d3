#pragma once

// The values of a plan, as lib/engine/plan-encoder.ts hands them over.

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace spikeport::binding {

class Values;

/** What a value is. The numbers are those of lib/engine/plan-encoder.ts. */
enum class ValueKind : std::int32_t { undefined, other, number, flag, text, object, array };

/** A value of a plan. Valid as long as its Values. */
class Value {
 public:
  /** Undefined. */
  Value() = default;

  [[nodiscard]] ValueKind kind() const;

  // Only for a value of that kind:

  [[nodiscard]] double number() const;
  [[nodiscard]] bool flag() const;
  [[nodiscard]] std::string_view text() const;
  /** The number of an object's fields, or of an array's elements. */
  [[nodiscard]] std::uint32_t count() const;
  /** The first of these; only if there is one. */
  [[nodiscard]] Value first() const;

  /** The field or element after this one; only if there is one. */
  [[nodiscard]] Value next() const;
  /** The name of the field that this is. */
  [[nodiscard]] std::string_view name() const;

  /** The JS value of what is of another kind, such as a typed array; undefined for all others. */
  [[nodiscard]] Napi::Value other() const;

 private:
  friend class Values;
  Value(const Values* values, std::size_t node) : values_(values), node_(node) {}

  const Values* values_ = nullptr;
  std::size_t node_ = 0;
};

/**
 * All values of one or more plans. Calls of Node-API for each field were a quarter of the instructions of a small NWB
 * export. Valid during the call whose arguments these are.
 */
class Values {
 public:
  /** @param first the number of the first of the arguments: nodes, texts, and all values of other kinds */
  Values(const Napi::CallbackInfo& info, std::size_t first);
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;
  ~Values() = default;

  /** The number of plans. */
  [[nodiscard]] std::uint32_t count() const { return Value(this, 0).count(); }
  /** The plan with this number; undefined if there is none. */
  [[nodiscard]] Value operator[](std::uint32_t number) const;

 private:
  friend class Value;

  /** Four numbers: the kind, the number of the field's name, and two that depend on the kind. */
  static constexpr std::size_t node_size = 4;

  /** Number `part` of a node; throws a TypeError when there is no such node. */
  [[nodiscard]] std::int32_t at(std::size_t node, std::size_t part) const;
  [[nodiscard]] std::string_view text(std::size_t first, std::size_t count) const;

  const Napi::CallbackInfo& info_;
  std::size_t first_other_;
  std::span<const std::int32_t> nodes_;
  /** The UTF-8 of all texts. */
  std::unique_ptr<char[]> utf8_;
  std::size_t utf8_size_ = 0;
  /** Where each UTF-16 code unit begins in it, and the end; empty where that is the code unit's number. */
  std::vector<std::size_t> begins_;
};

}  // namespace spikeport::binding
