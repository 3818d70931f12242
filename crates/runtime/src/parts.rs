//! What crates above this one keep for one execution, each one object of a type of its own: the
//! process that runs scripts, for instance.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

/// One object for each type. Cloning shares them; they are dropped with the last clone.
#[derive(Clone, Default)]
pub struct Parts {
    objects: Arc<Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>,
}

impl Parts {
    /// The object of a type; `make` makes the first one.
    pub fn get_or_insert_with<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let mut objects = self.objects.lock();
        let known = objects.get(&TypeId::of::<T>()).cloned();
        if let Some(object) = known.and_then(|o| o.downcast::<T>().ok()) {
            return object;
        }
        let object = Arc::new(make());
        objects.insert(TypeId::of::<T>(), object.clone());
        object
    }
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Parts")
            .field(&self.objects.lock().len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_one_object() {
        let parts = Parts::default();
        let first = parts.get_or_insert_with(|| 1_u8);
        let same = parts.clone().get_or_insert_with(|| 2_u8);
        let other = parts.get_or_insert_with(|| 3_u16);
        assert_eq!((*first, *same, *other), (1, 1, 3));
        assert!(Arc::ptr_eq(&first, &same));
    }
}
