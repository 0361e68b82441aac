// Not used by payd's pages: they load swagger-ui-bundle.js.
