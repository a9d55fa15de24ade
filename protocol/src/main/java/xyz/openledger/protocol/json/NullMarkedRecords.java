package xyz.openledger.protocol.json;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import java.io.Serial;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of {@code @NullMarked} packages at face value: what is not {@code @Nullable} must
 * be there. So no record that was read holds a null where its type says there is none.
 */
final class NullMarkedRecords extends JacksonAnnotationIntrospector {
  @Serial private static final long serialVersionUID = 1;

  @Override
  public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
    return mustBeThere(member) ? Boolean.TRUE : super.hasRequiredMarker(member);
  }

  @Override
  public JsonSetter.Value findSetterInfo(Annotated member) {
    return mustBeThere(member)
        ? JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL)
        : super.findSetterInfo(member);
  }

  private static boolean mustBeThere(Annotated member) {
    return member instanceof AnnotatedParameter parameter
        && parameter.getOwner().getAnnotated() instanceof Constructor<?> constructor
        && mustBeThere(constructor, parameter.getIndex());
  }

  /** Primitives cannot be null anyway. A constructor may fill in what its caller left out. */
  private static boolean mustBeThere(Constructor<?> constructor, int index) {
    Class<?> type = constructor.getDeclaringClass();
    return type.isRecord()
        && type.getPackage().isAnnotationPresent(NullMarked.class)
        && !constructor.getParameterTypes()[index].isPrimitive()
        && !isNullable(constructor.getAnnotatedParameterTypes()[index])
        && !isNullable(type.getRecordComponents()[index].getAnnotatedType());
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class);
  }
}
