#pragma once

#include "edge/sandbox/api.hpp"
#include "edge/sandbox/table.hpp"

namespace junction::sandbox {

/// The form in which a client wants its answer, by its Accept header.
struct Form {
  enum class Syntax { json, yaml } syntax = Syntax::json;
  enum class Shape { object, table, metadata } shape = Shape::object;
};

/// The first form in `accept` that the API has; 406 where there is none.
Result<Form, Status> choose_form(const std::string& accept);

/// A reply with `value` in it: compact, or indented where the real server does that (?pretty, curl,
/// browsers).
ApiReply render(const ApiRequest& request, const nlohmann::json& value,
                Form::Syntax syntax = Form::Syntax::json, int status = 200);
ApiReply render(const Status& status);

/// One object in the form the client asked for.
Result<ApiReply, Status> render_object(const ApiRequest& request, const ResourceType& type,
                                       const Object& object, int status = 200);

/// `object` reduced to its metadata (PartialObjectMetadata).
nlohmann::json only_metadata(const nlohmann::json& object);

RowObject row_object(const ApiRequest& request);

}  // namespace junction::sandbox
