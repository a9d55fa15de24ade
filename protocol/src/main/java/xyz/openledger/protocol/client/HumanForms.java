package xyz.openledger.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import xyz.openledger.protocol.Amount;
import xyz.openledger.protocol.Check;

/**
 * Puts the whole numbers that are stored where people wrote amounts: {@code priceMax: 0.5 OPEN}
 * becomes {@code priceMaxNanoOpen: "500000000"}. The name of an amount is the stored name without
 * its unit. Works on trees in place.
 */
final class HumanForms {
  private interface Reader {
    long read(String field, String text);
  }

  private record Form(String human, String stored, Reader reader) {}

  private static final List<Form> LIMITS =
      List.of(
          new Form("priceMax", "priceMaxNanoOpen", Amount::nanoOpen),
          new Form("deadline", "deadlineMillis", HumanForms::millis),
          new Form("roundTripMax", "roundTripMicrosMax", HumanForms::micros),
          new Form("latencyP99Max", "latencyP99MillisMax", HumanForms::millis));

  private static final List<Form> VERIFICATION =
      List.of(new Form("errorMax", "errorMaxPartsPerMillion", HumanForms::partsPerMillion));

  private static final List<Form> SHIFT =
      List.of(new Form("within", "withinMillis", HumanForms::millis));

  private static final List<Form> WORKLOAD =
      List.of(
          new Form("fuelMax", "fuelMax", Amount::quantity),
          new Form("memoryMax", "memoryMaxBytes", Amount::quantity),
          new Form("outputMax", "outputMaxBytes", Amount::quantity));

  private static final List<Form> SCHEDULING =
      List.of(
          new Form("queuedMax", "queuedMillisMax", HumanForms::millis),
          new Form("runningMax", "runningMillisMax", HumanForms::millis),
          new Form("verifyingMax", "verifyingMillisMax", HumanForms::millis));

  private static final List<Form> CAPS =
      List.of(
          new Form("priceMax", "priceMaxNanoOpen", Amount::nanoOpen),
          new Form("deadlineMax", "deadlineMillisMax", HumanForms::millis));

  private HumanForms() {}

  /** In rules of governance. */
  static TypedFields inRules(ObjectNode rules) {
    var typed = new TypedFields();
    settle(typed, rules, "", CAPS);
    int i = 0;
    for (JsonNode rule : rules.path("classes")) {
      settle(typed, rule, "classes[" + i++ + "]", CAPS);
    }
    int vector = 0;
    for (JsonNode job : rules.path("vectors")) {
      settle(typed, job, "vectors[" + vector++ + "]", LIMITS);
    }
    return typed;
  }

  /** In a job. */
  static TypedFields inJob(ObjectNode job) {
    var typed = new TypedFields();
    settle(typed, job.path("workload"), "workload", WORKLOAD);
    settle(typed, job.path("scheduling"), "scheduling", SCHEDULING);
    inPolicy(typed, job.path("policy"), "policy.");
    return typed;
  }

  /**
   * In a policy.
   *
   * @param prefix where it stands: {@code policy.} or nothing
   */
  static TypedFields inPolicy(JsonNode policy, String prefix) {
    var typed = new TypedFields();
    inPolicy(typed, policy, prefix);
    return typed;
  }

  private static void inPolicy(TypedFields typed, JsonNode policy, String prefix) {
    settle(typed, policy.path("limits"), prefix + "limits", LIMITS);
    settle(typed, policy.path("verification"), prefix + "verification", VERIFICATION);
    settle(typed, policy.path("shift"), prefix + "shift", SHIFT);
    JsonNode prefer = policy.path("prefer");
    if (policy instanceof ObjectNode object && prefer.isTextual()) {
      object.putObject("prefer").put("score", prefer.textValue()).put("weight", 100);
    }
  }

  private static void settle(TypedFields typed, JsonNode tree, String path, List<Form> forms) {
    if (!(tree instanceof ObjectNode object)) {
      return;
    }
    for (Form form : forms) {
      JsonNode written = object.get(form.human());
      boolean same = form.human().equals(form.stored());
      if (written == null || (same && !written.isTextual())) {
        continue;
      }
      String field = path.isEmpty() ? form.human() : path + "." + form.human();
      if (!same && object.has(form.stored())) {
        throw Check.refusal(field, "give it or %s, not both".formatted(form.stored()));
      }
      if (!written.isValueNode() || written.isNull() || written.isBoolean()) {
        throw Check.refusal(field, "expected an amount with its unit as text");
      }
      object.remove(form.human());
      typed.note(path.isEmpty() ? form.stored() : path + "." + form.stored(), field);
      put(object, form, form.reader().read(field, written.asText()));
    }
  }

  /** What may pass 2^53 is stored as text. */
  private static void put(ObjectNode object, Form form, long value) {
    if (form.stored().equals("priceMaxNanoOpen") || form.stored().equals("fuelMax")) {
      object.put(form.stored(), Long.toString(value));
    } else {
      object.put(form.stored(), value);
    }
  }

  private static long millis(String field, String text) {
    return Amount.duration(field, text).toMillis();
  }

  private static long partsPerMillion(String field, String text) {
    if (!text.matches("[0-9]{1,2}(\\.[0-9]{1,4})? *%")) {
      throw Check.refusal(field, "expected per cent, such as 0.1 %, not " + text);
    }
    return new BigDecimal(text.substring(0, text.length() - 1).strip())
        .movePointRight(4)
        .longValueExact();
  }

  private static long micros(String field, String text) {
    return Amount.duration(field, text).toNanos() / 1_000;
  }
}
