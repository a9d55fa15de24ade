package xyz.openledger.protocol.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Fields that people may expect in a record and that nobody could keep: they are refused with the
 * reason, where any other unknown field is called just that.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Unproven {
  /** The fields. */
  String[] names();

  /** Why they are refused, and what would be right. */
  String because();
}
