package xyz.openledger.protocol.json;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/** Puts what a parser objects to into words for whoever wrote the JSON: the field, and the fix. */
final class Refusals {
  /** Our sealed types are told apart by this field. */
  private static final String KIND = "kind";

  /** What parsers add for programmers: names of their settings and of the source. */
  private static final Pattern NOISE = Pattern.compile(", from `[^`]*`| \\(start marker at .*");

  private static final Pattern DUPLICATE = Pattern.compile("Duplicate field '(.*)'.*");
  private static final Pattern KNOWN_KINDS = Pattern.compile("known type ids = \\[([^]]*)]");

  private Refusals() {}

  /** Text that is no JSON at all. */
  static ProblemException of(JsonProcessingException malformed) {
    Matcher duplicate = DUPLICATE.matcher(malformed.getOriginalMessage());
    if (duplicate.matches()) {
      return refusal(duplicate.group(1), "is there twice");
    }
    var location = malformed.getLocation();
    String at =
        location == null
            ? ""
            : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    return refusal("", "not JSON" + at + ": " + message(malformed));
  }

  /** JSON that does not fit the record. */
  static ProblemException of(JsonMappingException refused) {
    String path = path(refused);
    ProblemException own = cause(refused);
    if (own != null) {
      return own(own, path, refused);
    }
    Matcher duplicate = DUPLICATE.matcher(refused.getOriginalMessage());
    if (duplicate.matches()) {
      return refusal(join(path, duplicate.group(1)), "is there twice");
    }
    return switch (refused) {
      case UnrecognizedPropertyException unknown -> refusal(path, unknown(unknown));
      case InvalidTypeIdException kind -> kind(kind, path);
      case InvalidNullException _ -> refusal(path, "is null");
      case ValueInstantiationException _ -> refusal(path, message(refused));
      case MismatchedInputException mismatch -> mismatch(mismatch, path);
      default -> refusal(path, message(refused));
    };
  }

  /** What a record said of itself. One that reads a text has no fields: the path is the field. */
  private static ProblemException own(
      ProblemException own, String path, JsonMappingException refused) {
    if (refused instanceof ValueInstantiationException failed
        && isText(failed.getType().getRawClass())) {
      return new ProblemException(own.problem(), path, own.detail());
    }
    return path.isEmpty() ? own : own.within(path);
  }

  private static ProblemException kind(InvalidTypeIdException refused, String path) {
    String message = refused.getOriginalMessage();
    Matcher known = KNOWN_KINDS.matcher(message);
    String expected = known.find() ? "; known: " + known.group(1) : "";
    return refusal(
        join(path, KIND),
        refused.getTypeId() == null ? "is missing" : "unknown: " + refused.getTypeId() + expected);
  }

  private static ProblemException mismatch(MismatchedInputException refused, String path) {
    Class<?> target = refused.getTargetType();
    String message = refused.getOriginalMessage();
    if (target == null || message.startsWith("No content")) {
      return refusal(path, "nothing there; expected JSON");
    }
    if (message.startsWith("Missing required")) {
      return refusal(path, "is missing");
    }
    boolean missing = message.startsWith("Cannot map `null`");
    return refusal(path, (missing ? "is missing; " : "") + "expected " + words(target));
  }

  private static String words(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a whole number";
    }
    if (type.isEnum() && !isText(type)) {
      return "one of " + String.join(", ", constants(type));
    }
    if (isText(type)) {
      return "text";
    }
    return Collection.class.isAssignableFrom(type) || type.isArray() ? "a list" : "an object";
  }

  private static List<String> constants(Class<?> type) {
    var names = new ArrayList<String>();
    for (Field field : type.getFields()) {
      if (field.isEnumConstant()) {
        var name = field.getAnnotation(JsonProperty.class);
        names.add(name == null ? field.getName() : name.value());
      }
    }
    return names;
  }

  private static boolean isText(Class<?> type) {
    return type == String.class || TextOnly.applies(type);
  }

  private static String unknown(UnrecognizedPropertyException unknown) {
    return "unknown field; known here: " + known(unknown);
  }

  private static String known(UnrecognizedPropertyException unknown) {
    Collection<Object> known = unknown.getKnownPropertyIds();
    if (known == null) {
      return "none";
    }
    var names = new TreeSet<String>();
    known.forEach(name -> names.add(name.toString()));
    return String.join(", ", names);
  }

  private static String message(JsonProcessingException refused) {
    return NOISE.matcher(refused.getOriginalMessage()).replaceAll("");
  }

  private static @Nullable ProblemException cause(Throwable refused) {
    for (Throwable cause = refused.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException problem) {
        return problem;
      }
    }
    return null;
  }

  private static String path(JsonMappingException refused) {
    var path = new StringBuilder();
    for (var step : refused.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }

  private static String join(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  private static ProblemException refusal(String field, String detail) {
    return new ProblemException(Problem.INVALID_REQUEST, field, detail);
  }
}
