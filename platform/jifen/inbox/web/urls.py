from django.urls import path

from jifen.inbox.web import views

town = [
    path("messages/", views.messages_page, {"area": ""}, name="own_messages"),
    path("office/messages/", views.messages_page, {"area": "office"}, name="office_messages"),
    path("village/messages/", views.messages_page, {"area": "village"}, name="village_messages"),
    path("messages/read/", views.read_all, name="read_all"),
    path("messages/<int:pk>/", views.open_message, name="message"),
    path("office/channels/", views.channels, name="office_channels"),
    path("office/channels/<int:pk>/", views.channel, name="office_channel"),
    path("office/channels/<int:pk>/try/", views.try_out, name="try_out"),
    path("office/channels/deliveries/<int:pk>/again/", views.again, name="again"),
    path("office/channels/<int:pk>/switch/", views.switch, name="switch"),
]
