#include "edge/sandbox/representation.hpp"

#include "edge/sandbox/fields.hpp"
#include "junction/ascii.hpp"
#include "junction/documents.hpp"
#include "junction/try.hpp"

namespace junction::sandbox {
namespace {

using nlohmann::json;

std::string_view next_part(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return trim(part);
}

/// One member of an Accept list; nothing where the API does not have it.
std::optional<Form> form_of(std::string_view range) {
  Form form;
  const std::string_view type = next_part(range, ';');
  if (type == "application/yaml")
    form.syntax = Form::Syntax::yaml;
  else if (type != "application/json" && type != "*/*" && type != "application/*")
    return std::nullopt;
  while (!range.empty()) {
    const std::string_view parameter = next_part(range, ';');
    if (parameter == "as=Table") form.shape = Form::Shape::table;
    if (parameter == "as=PartialObjectMetadata" || parameter == "as=PartialObjectMetadataList")
      form.shape = Form::Shape::metadata;
    if (parameter.starts_with("v=") && parameter != "v=v1") return std::nullopt;
  }
  return form;
}

bool indented(const ApiRequest& request) {
  const std::string pretty = request.parameter("pretty");
  if (!pretty.empty()) return request.flag("pretty");
  return request.user_agent.starts_with("curl") || request.user_agent.starts_with("Wget") ||
         request.user_agent.starts_with("Mozilla/5.0");
}

}  // namespace

Result<Form, Status> choose_form(const std::string& accept) {
  std::string_view ranges = accept;
  if (ranges.empty()) return Form{};
  while (!ranges.empty())
    if (const auto form = form_of(next_part(ranges, ','))) return *form;
  return Status{406, "NotAcceptable",
                "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml",
                json::object()};
}

ApiReply render(const ApiRequest& request, const json& value, Form::Syntax syntax, int status) {
  ApiReply reply{.status = status};
  if (syntax == Form::Syntax::yaml) {
    reply.content_type = "application/yaml";
    reply.body = to_yaml(value);
  } else {
    // An annotation may hold any bytes; what is not UTF-8 goes out as U+FFFD, as the real server stores it.
    reply.body = value.dump(indented(request) ? 2 : -1, ' ', false, json::error_handler_t::replace) + "\n";
  }
  return reply;
}

ApiReply render(const Status& status) {
  ApiReply reply{.status = status.code, .body = status.to_json()};
  return reply;
}

json only_metadata(const json& object) {
  return {{"kind", "PartialObjectMetadata"},
          {"apiVersion", "meta.k8s.io/v1"},
          {"metadata", look(object, "metadata")}};
}

RowObject row_object(const ApiRequest& request) {
  const std::string include = request.parameter("includeObject");
  return include == "None" ? RowObject::none : include == "Object" ? RowObject::object : RowObject::metadata;
}

Result<ApiReply, Status> render_object(const ApiRequest& request, const ResourceType& type,
                                       const Object& object, int status) {
  JUNCTION_TRY_ASSIGN(const Form form, choose_form(request.accept));
  const auto [syntax, shape] = form;
  if (shape == Form::Shape::metadata) return render(request, only_metadata(*object), syntax, status);
  if (shape == Form::Shape::object) return render(request, *object, syntax, status);
  const json metadata{{"resourceVersion", look(*object, "metadata", "resourceVersion")}};
  return render(request,
                make_table(type, std::span(&object, 1), metadata, row_object(request),
                           std::chrono::system_clock::now()),
                syntax, status);
}

}  // namespace junction::sandbox
