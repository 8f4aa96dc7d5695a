/*
 * Members that releases name, type or guard differently are reached by name. Every release is compiled against its own jar;
 * what all have in common is written plainly.
 */
package org.apache.zookeeper.server.quorum;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

final class Reach {
    private static final Map<String, Field> FIELDS = new HashMap<>();

    private Reach() {
    }

    /** An object whose constructor has not run: without threads, sockets and files. */
    static <T> T allocate(Class<T> type) throws Exception {
        Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
        field.setAccessible(true);
        Object unsafe = field.get(null);
        return type.cast(unsafe.getClass().getMethod("allocateInstance", Class.class).invoke(unsafe, type));
    }

    static boolean has(Class<?> type, String name) {
        return find(type, name) != null;
    }

    static Object get(Object target, String name) throws Exception {
        return find(target.getClass(), name).get(target);
    }

    static void set(Object target, String name, Object value) throws Exception {
        find(target.getClass(), name).set(target, value);
    }

    /** logicalclock: a long up to 3.4.6, later an AtomicLong. */
    static void setLong(Object target, String name, long value) throws Exception {
        set(target, name, find(target.getClass(), name).getType() == long.class ? (Object) value : new AtomicLong(value));
    }

    static long getLong(Object target, String name) throws Exception {
        return ((Number) get(target, name)).longValue();
    }

    /** The method of this name with so many parameters; null if there is none. */
    static Method method(Class<?> type, String name, int parameters) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Method one : at.getDeclaredMethods()) {
                if (one.getName().equals(name) && one.getParameterTypes().length == parameters) {
                    one.setAccessible(true);
                    return one;
                }
            }
        }
        return null;
    }

    /** What it throws is thrown as it is. */
    static Object call(Method method, Object target, Object... arguments) throws Exception {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception) {
                throw (Exception) e.getCause();
            }
            throw e;
        }
    }

    /** By the constructor that takes these arguments. */
    static Object make(Class<?> type, Object... arguments) throws Exception {
        for (boolean exactly : new boolean[] {true, false}) {
            for (Constructor<?> one : type.getDeclaredConstructors()) {
                if (takes(one.getParameterTypes(), arguments, exactly)) {
                    one.setAccessible(true);
                    return one.newInstance(arguments);
                }
            }
        }
        throw new NoSuchMethodException(type.getName());
    }

    private static boolean takes(Class<?>[] types, Object[] arguments, boolean exactly) {
        boolean all = types.length == arguments.length;
        for (int i = 0; all && i < types.length; i++) {
            Class<?> boxed = types[i] == long.class ? Long.class : types[i] == int.class ? Integer.class : types[i];
            all = exactly ? boxed == arguments[i].getClass() : boxed.isInstance(arguments[i]);
        }
        return all;
    }

    private static Field find(Class<?> type, String name) {
        return FIELDS.computeIfAbsent(type.getName() + ' ' + name, key -> search(type, name));
    }

    private static Field search(Class<?> type, String name) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field one : at.getDeclaredFields()) {
                if (one.getName().equals(name)) {
                    one.setAccessible(true);
                    return one;
                }
            }
        }
        return null;
    }
}
