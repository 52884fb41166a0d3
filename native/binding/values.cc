#include "binding/values.h"

#include <array>
#include <bit>

#include "binding/arrays.h"
#include "binding/environment.h"

namespace spikeport::binding {
namespace {

/** The number of UTF-16 code units of the character that begins with this byte; 0 for the bytes after the first. */
unsigned units_of(char byte) {
  const auto bits = static_cast<unsigned char>(byte);
  if ((bits & 0xC0U) == 0x80U) return 0;
  return bits < 0xF0U ? 1 : 2;
}

}  // namespace

Values::Values(const Napi::CallbackInfo& info, std::size_t first)
    : info_(info), first_other_(first + 2), nodes_(elements_of<std::int32_t>(info[first])) {
  const Napi::Env env = info.Env();
  std::size_t units = 0;
  NAPI_THROW_IF_FAILED_VOID(env, napi_get_value_string_utf16(env, info[first + 1], nullptr, 0, &units));
  // A code unit takes at most three bytes. Node-API writes a NUL at the end.
  const std::size_t room = 3 * units + 1;
  utf8_ = std::make_unique_for_overwrite<char[]>(room);
  NAPI_THROW_IF_FAILED_VOID(env, napi_get_value_string_utf8(env, info[first + 1], utf8_.get(), room, &utf8_size_));
  if (utf8_size_ == units) return;
  begins_.reserve(units + 1);
  for (std::size_t byte = 0; byte < utf8_size_; byte++) begins_.insert(begins_.end(), units_of(utf8_[byte]), byte);
  begins_.push_back(utf8_size_);
}

Value Values::operator[](std::uint32_t number) const {
  const Value list(this, 0);
  if (number >= list.count()) return {};
  Value value = list.first();
  for (; number > 0; number--) value = value.next();
  return value;
}

std::int32_t Values::at(std::size_t node, std::size_t part) const {
  if (node >= nodes_.size() / node_size) throw Napi::TypeError::New(info_.Env(), "Expected an encoded plan.");
  return nodes_[node * node_size + part];
}

std::string_view Values::text(std::size_t first, std::size_t count) const {
  const std::string_view all(utf8_.get(), utf8_size_);
  if (begins_.empty()) return all.substr(first, count);
  return all.substr(begins_.at(first), begins_.at(first + count) - begins_.at(first));
}

ValueKind Value::kind() const {
  return values_ == nullptr ? ValueKind::undefined : static_cast<ValueKind>(values_->at(node_, 0));
}

double Value::number() const { return std::bit_cast<double>(std::array{values_->at(node_, 2), values_->at(node_, 3)}); }

bool Value::flag() const { return values_->at(node_, 2) != 0; }

std::string_view Value::text() const {
  return values_->text(static_cast<std::size_t>(values_->at(node_, 2)),
                       static_cast<std::size_t>(values_->at(node_, 3)));
}

std::uint32_t Value::count() const { return static_cast<std::uint32_t>(values_->at(node_, 2)); }

Value Value::first() const { return {values_, node_ + 1}; }

Value Value::next() const {
  const bool has_parts = kind() == ValueKind::object || kind() == ValueKind::array;
  return {values_, has_parts ? static_cast<std::size_t>(values_->at(node_, 3)) : node_ + 1};
}

std::string_view Value::name() const {
  return Environment::of(values_->info_.Env()).field_name(static_cast<std::size_t>(values_->at(node_, 1)));
}

Napi::Value Value::other() const {
  if (kind() != ValueKind::other) return {};
  return values_->info_[values_->first_other_ + static_cast<std::size_t>(values_->at(node_, 2))];
}

}  // namespace spikeport::binding
